/** Opens the page twice in a headless Chromium, over HTTP and over WebSocket, votes in each, and sees the votes of both in both. */

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { serve } from './server.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (executablePath === undefined) {
  console.log('Chromium is not installed: the page was not opened')
  process.exit(0)
}

const { url, server, web } = await serve(0, ['@oarlock/source'])
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const [http, ws] = [await open(url), await open(`${url}?over=ws`)]
  await http.getByText('connected over http, 2026-07-28').waitFor()
  await ws.getByText('connected over ws, 2026-07-28').waitFor()

  // The suggestions come when the typing rests.
  await http.locator('[name=drink]').pressSequentially('co')
  await http.waitForFunction("document.querySelectorAll('#drinks option').length === 2")
  assert.deepEqual(await http.locator('#drinks option').allTextContents(), ['cocoa', 'coffee'])

  // A vote asks for a name, and everybody sees what came of it.
  await vote(http, 'cocoa', 'Ada')
  await vote(ws, 'tea', 'Ben')
  for (const page of [http, ws]) await page.getByText('{"cocoa":1,"tea":1}').waitFor()

  // Who says no is heard, too.
  await ws.locator('[name=drink]').fill('water')
  await ws.getByText('Vote', { exact: true }).click()
  await ws.getByText('No', { exact: true }).click()
  await ws.getByText('No vote').waitFor()
  console.log('both pages voted, and saw each other do so')
} finally {
  await browser.close()
  await server.close({ within: 0 })
  web.closeAllConnections()
  web.close()
}

async function open(address: string): Promise<Page> {
  const page = await browser.newPage()
  page.on('pageerror', error => console.error(error))
  page.setDefaultTimeout(20_000)
  await page.goto(address)
  return page
}

async function vote(page: Page, drink: string, name: string): Promise<void> {
  await page.locator('[name=drink]').fill(drink)
  await page.getByText('Vote', { exact: true }).click()
  await page.getByText(`Who votes for ${drink}?`).waitFor()
  await page.locator('[name=name]').fill(name)
  await page.getByText('Yes', { exact: true }).click()
  await page.getByText(`${name} voted for ${drink}`).waitFor()
}
