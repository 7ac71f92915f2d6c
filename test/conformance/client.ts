/**
 * The conformance client: `node test/conformance/client.ts URL`, as the official suite starts it. The scenario, its data and the revision come
 * in the environment. Exits with 0 when the story was told to its end.
 */

import { connect } from 'oarlock'
import type { Revision } from '@oarlock/protocol'
import { authFor } from './client-auth.ts'
import { storyOf, type Told } from './client-stories.ts'

const url = process.argv.at(-1) ?? ''
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? ''
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Readonly<Record<string, unknown>>
const revision = (process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '2025-11-25') as Revision

const { tell, extensions } = storyOf(scenario)
const told: Told = { client: undefined, context, scenario }
const client = await connect(url, {
  name: 'oarlock-conformance',
  version: '1.0.0',
  prefer: revision,
  auth: scenario.startsWith('auth/') ? authFor(scenario, context) : undefined,
  extensions: extensions ?? [],
  answers: {
    // Accepts with nothing filled in: the defaults are the client's to add.
    elicit: async ({ requestedSchema }) => {
      await told.asked?.()
      return { action: 'accept', content: 'confirmed' in requestedSchema.properties ? { confirmed: true } : {} }
    },
  },
})
told.client = client
try {
  await tell(client, told)
} finally {
  await client.close()
}
