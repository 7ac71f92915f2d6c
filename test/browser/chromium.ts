/** A headless Chromium with the page in it. */
import { build } from 'esbuild'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from './page.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where Debian's package puts it, or where it often is. */
export const CHROMIUM = PLACES.find(place => existsSync(place))

/** The page of a test, at an origin of its own. */
export interface Browser {
  readonly origin: string
  /** Asks the page for one of the things it can tell. */
  ask<M extends keyof Page>(method: M, wish: Parameters<Page[M]>[0]): ReturnType<Page[M]>
  /** What the page printed to its console. */
  readonly console: readonly string[]
  close(): Promise<void>
}

/** The clients, bundled for a browser as an application's bundler does it. */
async function bundle(): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    conditions: ['@oarlock/source'],
    write: false,
    logLevel: 'silent',
  })
  return built.outputFiles[0]?.text ?? ''
}

/** Starts the browser and opens the page. */
export async function openBrowser(): Promise<Browser> {
  const script = await bundle()
  const server = createServer((req, res) => {
    const isScript = req.url === '/page.js'
    res.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
    res.end(isScript ? script : '<!doctype html><meta charset="utf-8"><title>page</title><script src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const said: string[] = []
  page.on('console', message => said.push(message.text()))
  page.on('pageerror', error => said.push(String(error)))
  await page.goto(origin)
  return {
    origin,
    console: said,
    ask: (method, wish) =>
      page.evaluate(
        ([name, argument]) => (globalThis as unknown as { page: Record<string, (wish: unknown) => unknown> }).page[name]!(argument),
        [method, wish] as const,
      ) as ReturnType<Page[typeof method]>,
    async close() {
      await browser.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
