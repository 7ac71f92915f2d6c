/** What tests of the registry have in common: folders on disk, a server, clients. */

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { Client, type ClientOptions } from '@oarlock/client'
import { Server, type Provider, type ServerOptions } from '@oarlock/kernel'
import { memoryConnector, type Principal } from '@oarlock/protocol'
import type { RegistryEvents } from '../../src/registry/events.ts'
import { InvalidPrompts } from '../../src/registry/problem.ts'
import type { PromptRegistry } from '../../src/registry/registry.ts'

const closers: (() => unknown)[] = []

/** Undoes everything a test opened, last first. For `suite.after.each`. */
export async function strike(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close()
}

/** A folder that is gone after the test. */
export class Place {
  readonly path = mkdtempSync(join(tmpdir(), 'oarlock-prompts-'))

  constructor(files: Readonly<Record<string, string>> = {}) {
    closers.push(() => rmSync(this.path, { recursive: true, force: true }))
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  at(name: string): string {
    return join(this.path, name)
  }

  write(name: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.at(name)), { recursive: true })
    writeFileSync(this.at(name), text)
  }

  /** As editors save: another file first, which then takes the place. */
  save(name: string, text: string): void {
    writeFileSync(this.at(`${name}.swp`), text)
    renameSync(this.at(`${name}.swp`), this.at(name))
  }

  remove(name: string): void {
    rmSync(this.at(name), { recursive: true })
  }
}

/** A prompt file. */
export function file(head: string, body = 'Hello.'): string {
  return `---\n${head.trim()}\n---\n${body}\n`
}

/** A server with the registry on it. */
export async function serve(registry: Provider, options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = new Server({ name: 'prompts', version: '1.0.0', log: false, ...options })
  closers.push(() => server.close({ within: 0 }))
  await server.offer(registry).ready
  return server
}

/** A client, in memory, and for the server a person if there is one. */
export async function meet(server: Server, options: ClientOptions & { readonly principal?: Principal } = {}): Promise<Client> {
  const { principal, ...rest } = options
  const client = await Client.open(memoryConnector(server, { head: { transport: 'memory', principal } }), { cache: false, ...rest })
  closers.push(() => client.close())
  return client
}

/** Names of the prompts that a client sees. */
export async function names(client: { prompts(): Promise<readonly { readonly name: string }[]> }): Promise<readonly string[]> {
  return (await client.prompts()).map(({ name }) => name)
}

/** The text of all messages of a prompt. */
export async function textOf(client: Client, name: string, args?: Readonly<Record<string, string>>): Promise<string> {
  const messages = await client.prompt(name, args)
  return messages.map(({ content }) => (content.type === 'text' ? content.text : `[${content.type}]`)).join('\n')
}

/** The next event of a registry. Listen before you cause it. */
export function next<E extends keyof RegistryEvents>(registry: PromptRegistry, event: E): Promise<Parameters<RegistryEvents[E]>[0]> {
  return new Promise(resolve => {
    const told = (payload: Parameters<RegistryEvents[E]>[0]): void => {
      stop()
      resolve(payload)
    }
    const stop = registry.on(event, told)
  })
}

/** Everything a server reports from now on, as `where: message`. */
export function reportsOf(server: Server): readonly string[] {
  const seen: string[] = []
  server.on('error.reported', ({ cause, where }) => seen.push(`${where}: ${(cause as Error).message}`))
  return seen
}

/** The next time a client hears that the list of prompts changed. Listen before you cause it. */
export function listChanged(client: Client): Promise<void> {
  return new Promise(resolve => {
    const stop = client.on('prompts.changed', () => {
      stop()
      resolve()
    })
  })
}

/** Codes of what an action throws, and of which prompts. */
export function refusal(act: () => unknown): readonly string[] {
  try {
    act()
  } catch (error) {
    assert.instance(error, InvalidPrompts)
    return (error as InvalidPrompts).problems.map(({ code, prompt }) => `${code} ${prompt}`)
  }
  assert.unreachable('nothing was refused')
  return []
}
