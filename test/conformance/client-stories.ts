/** What the conformance client does in each scenario. */

import type { Client } from 'oarlock'
import type { ClientExtension } from '@oarlock/client'
import { SKILLS, readSkills } from './client-skills.ts'

/** What a story may know. */
export interface Told {
  client: Client | undefined
  readonly scenario: string
  readonly context: Readonly<Record<string, unknown>>
  /** Done in the middle of a question. */
  asked?: () => Promise<void>
}

/** A story, and the extensions that it needs declared. */
export interface Story {
  readonly tell: (client: Client, told: Told) => Promise<void>
  readonly extensions?: readonly ClientExtension[]
}

interface ToolCall {
  readonly name: string
  readonly arguments: Record<string, unknown>
}

const STORIES: Readonly<Record<string, Story['tell']>> = {
  initialize: list,
  'request-metadata': list,
  'json-schema-ref-no-deref': list,
  async tools_call(client) {
    await client.tools()
    await client.call('add_numbers', { a: 2, b: 3 })
  },
  async 'elicitation-sep1034-client-defaults'(client) {
    await client.tools()
    await client.call('test_client_elicitation_defaults')
  },
  async 'sse-retry'(client) {
    await client.tools()
    await client.call('test_reconnection')
  },
  async 'http-standard-headers'(client) {
    for (const { name } of await client.tools()) await client.callRaw(name)
    for (const { uri } of await client.resources()) await client.read(uri)
    for (const { name } of await client.prompts()) await client.prompt(name)
  },
  async 'http-custom-headers'(client, { context }) {
    await client.tools()
    for (const { name, arguments: args } of (context['toolCalls'] ?? []) as readonly ToolCall[]) await client.callRaw(name, args)
  },
  async 'http-invalid-tool-headers'(client) {
    for (const { name } of await client.tools()) await client.callRaw(name, { region: 'eu' })
  },
  async 'json-schema-2020-12-preservation'(client) {
    const focal = (await client.tools()).find(({ name }) => name === 'json_schema_2020_12_tool')
    await client.callRaw('json_schema_echo', { schema: focal?.inputSchema })
  },
  async 'sep-2322-client-request-state'(client, told) {
    await client.tools()
    told.asked = async () => {
      delete told.asked
      await client.callRaw('test_mrtr_unrelated')
    }
    for (const name of ['test_mrtr_echo_state', 'test_mrtr_no_state', 'test_mrtr_no_result_type']) await client.callRaw(name)
  },
}

/** The story of a scenario. */
export function storyOf(scenario: string): Story {
  if (scenario.startsWith('sep-2640-')) return { tell: readSkills, extensions: [SKILLS] }
  if (scenario.startsWith('auth/')) return { tell: useTool }
  const tell = STORIES[scenario]
  if (tell === undefined) throw new Error(`No story for the scenario ${scenario}`)
  return { tell }
}

async function list(client: Client): Promise<void> {
  await client.tools()
}

async function useTool(client: Client): Promise<void> {
  await client.tools()
  await client.callRaw('test-tool')
}
