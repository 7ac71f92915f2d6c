/** Skills as a careful host uses them (SEP-2640): listed without reading, read one by one, and nothing used that is not what was listed. */

import { createHash } from 'node:crypto'
import type { Client } from 'oarlock'
import type { ClientExtension } from '@oarlock/client'
import type { Told } from './client-stories.ts'

/** The extension, as the client declares it. */
export const SKILLS: ClientExtension = { id: 'io.modelcontextprotocol/skills' }

interface Skill {
  readonly uri: string
  readonly frontmatter: Readonly<Record<string, string>>
  readonly resources: readonly Listed[]
}

interface Listed {
  readonly uri: string
  readonly digest: string
  readonly size: number
}

/** Lists the skills and, unless the scenario is about not doing so, loads each of them with its files. */
export async function readSkills(client: Client, { scenario }: Told): Promise<void> {
  const { skills } = (await client.raw.request('skills/list')) as unknown as { readonly skills: readonly Skill[] }
  if (scenario === 'sep-2640-client-no-prefetch') return
  for (const skill of skills) await load(client, skill)
}

async function load(client: Client, { uri, frontmatter, resources }: Skill): Promise<void> {
  for (const listed of resources.toSorted((a, b) => Number(b.uri === uri) - Number(a.uri === uri))) {
    const text = await verified(client, listed)
    if (listed.uri === uri) compare(text, frontmatter)
  }
}

async function verified(client: Client, { uri, digest, size }: Listed): Promise<string> {
  const [content] = await client.read(uri)
  const text = content !== undefined && 'text' in content ? content.text : ''
  if (Buffer.byteLength(text) !== size) throw new Error(`${uri} has another size than listed`)
  if (`sha256:${createHash('sha256').update(text).digest('hex')}` !== digest) throw new Error(`${uri} is not what was listed`)
  return text
}

/** Flat frontmatter is all that these fixtures have. */
function compare(text: string, listed: Readonly<Record<string, string>>): void {
  const block = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? ''
  const fields = Object.fromEntries(
    block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  for (const name of new Set([...Object.keys(fields), ...Object.keys(listed)])) {
    if (fields[name] !== listed[name]) throw new Error(`The frontmatter's ${name} is not what was listed`)
  }
}
