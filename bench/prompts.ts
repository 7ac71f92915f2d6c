/**
 * A registry of many prompt files: `node bench/prompts.ts [PROMPTS]`, after a build. Prints what it takes to read them, to keep them, to list the first
 * page, to get one and to add one, beside the same for 20 prompts. Fails when a call of the many costs half as much again as one of the few.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { prompts } from '@oarlock/prompts'
import { memoryConnector } from '@oarlock/protocol'

const FEW = 20
const ROUNDS = 20_000
const ADDED = 50

/** What is found about so many prompts: milliseconds and microseconds of the processor, bytes. */
interface Figures {
  readonly load: number
  readonly again: number
  readonly heap: number
  readonly rss: number
  readonly pageFirst: number
  readonly page: number
  readonly getFirst: number
  readonly get: number
  readonly add: number
  readonly taken: number
  readonly change: number
}

/** Each with a layout, a fragment, three arguments, a tag and a category; every tenth in two versions. */
function write(folder: string, count: number): void {
  mkdirSync(join(folder, '_shared'), { recursive: true })
  writeFileSync(join(folder, '_shared/page.md'), '{{#system}}{{> shared/tone}}{{/system}}\n{{#user}}{{#block "task"}}{{/block}}{{/user}}\n')
  writeFileSync(join(folder, '_shared/tone.md'), 'You are careful, and you say when you are not sure.\n')
  for (let index = 0; index < count; index += 1) {
    const [name, version] = index % 10 === 9 ? [`prompt-${index - 1}`, '@2.0.0'] : [`prompt-${index}`, '@1.0.0']
    const place = join(folder, `category-${index % 25}`)
    mkdirSync(place, { recursive: true })
    // A name has one category: its second version stands in the same folder.
    const home = version === '@2.0.0' ? join(folder, `category-${(index - 1) % 25}`) : place
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, `${name}${version}.md`), text(index))
  }
}

function text(index: number): string {
  return `---
title: Prompt ${index}
description: What prompt number ${index} is for
tags: [tag-${index % 7}, bench]
extends: shared/page
arguments:
  code: { type: string, required: true, description: The code to look at }
  depth: { enum: [quick, thorough], default: quick, description: How closely }
  lines: { type: integer, description: How many lines to show }
---
{{#block "task"}}
Look at this code, number ${index}, {{depth}}:

{{codeblock code}}
{{#if lines}}Show the first {{lines}} lines.{{/if}}
{{#each (list code depth)}}{{this}}{{/each}}
{{/block}}
`.replace(/\{\{#each[^]*?\{\{\/each\}\}\n/, '')
}

const gc = (): void => (globalThis as { gc?: () => void }).gc?.()

/** Processor time so far, in microseconds: unlike the clock it does not count what other processes do. */
function spent(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function micros(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < rounds / 10; round += 1) await work()
  const started = spent()
  for (let round = 0; round < rounds; round += 1) await work()
  return (spent() - started) / rounds
}

async function millis(work: () => unknown): Promise<number> {
  const started = spent()
  await work()
  return (spent() - started) / 1_000
}

async function measure(folder: string, count: number): Promise<Figures> {
  const warm = prompts()
  warm.add({ name: 'warm', description: 'Loads what is loaded once', template: 'x' })
  gc()
  const empty = process.memoryUsage()
  const server = new Server({ name: 'bench', version: '1.0.0', log: false })
  const registry = prompts({ folder, watch: true })
  const load = await millis(() => registry.list())
  const offer = server.offer(registry)
  const again = await millis(() => prompts({ folder }).list())
  const client = await Client.open(memoryConnector(server), { cache: false })
  const list = () => client.raw.listPrompts({})
  const get = () => client.raw.getPrompt({ name: 'prompt-10', arguments: { code: 'x = 1', lines: '3' } })
  const pageFirst = await millis(list)
  const getFirst = await millis(get)
  gc()
  const full = process.memoryUsage()
  const page = await micros(ROUNDS / 100, list)
  const one = await micros(ROUNDS, get)
  const addOne = (index: number): void => registry.add({ name: `added-${index}`, description: 'At run time', template: 'Hello' })
  addOne(0)
  await offer.ready
  const before = spent()
  for (let index = 1; index <= ADDED; index += 1) addOne(index)
  const add = (spent() - before) / 1_000 / ADDED
  const taken = await millis(list)
  await offer.ready
  await client.listen({ prompts: true }).ready
  const change = await millis(async () => {
    const heard = new Promise<void>(resolve => client.on('prompts.changed', () => resolve()))
    writeFileSync(join(folder, 'category-0/prompt-0@1.0.0.md'), text(count))
    await heard
  })
  await client.close()
  await server.close()
  return { load, again, heap: full.heapUsed - empty.heapUsed, rss: full.rss, pageFirst, page, getFirst, get: one, add, taken, change }
}

async function inChild(count: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-bench-'))
  try {
    write(folder, count)
    const child = fork(fileURLToPath(import.meta.url), ['measure', folder, String(count)], {
      execArgv: [...process.execArgv, '--expose-gc'],
    })
    const [figures] = (await once(child, 'message')) as [Figures]
    child.disconnect()
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function main(count: number): Promise<void> {
  const [few, many] = [await inChild(FEW), await inChild(count)]
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const rows: readonly (readonly [string, (figures: Figures, count: number) => string])[] = [
    ['read, parsed and checked, in a process that has just started', ({ load }) => ms(load)],
    ['the same once more', ({ again }) => ms(again)],
    [
      'heap, all prompts listed and one rendered',
      ({ heap }, size) => `${(heap / 1024 / 1024).toFixed(1)} MB (${(heap / 1024 / size).toFixed(1)} KiB each)`,
    ],
    ['memory of the process', ({ rss }) => `${(rss / 1024 / 1024).toFixed(0)} MB`],
    ['first page of the list, the first time', ({ pageFirst }) => ms(pageFirst)],
    ['first page of the list', ({ page }) => `${page.toFixed(0)} µs`],
    ['get one, the first time', ({ getFirst }) => ms(getFirst)],
    ['get one', ({ get }) => `${get.toFixed(1)} µs`],
    ['add one while serving', ({ add }) => ms(add)],
    [`the server takes ${ADDED} up, and lists the first page anew`, ({ taken }) => ms(taken)],
    ['a file is saved, and the client hears of it', ({ change }) => ms(change)],
  ]
  console.log(`| Node ${process.versions.node} | ${FEW} prompts | ${count} prompts |\n|---|---|---|`)
  for (const [what, show] of rows) console.log(`| ${what} | ${show(few, FEW)} | ${show(many, count)} |`)
  if (many.get > few.get * 1.5) {
    console.error(`FAILED: getting one of ${count} takes ${many.get.toFixed(1)} µs, one of ${FEW} ${few.get.toFixed(1)} µs`)
    process.exitCode = 1
  }
}

if (process.argv[2] === 'measure') process.send?.(await measure(process.argv[3] as string, Number(process.argv[4])))
else await main(Number(process.argv[2] ?? 2_000))
