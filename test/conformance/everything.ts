/** The server that the official conformance suite talks to: each of its fixtures, as CONFORMANCE and DIGEST section 10 describe them. */

import { audio, embed, image, Server, text, ToolError, Type, type ServerOptions } from 'oarlock'
import { addAsking } from './asking.ts'
import { PNG, WAV } from './media.ts'

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Makes the server. */
export function everything(options: Partial<ServerOptions> = {}): Server {
  const server = new Server({
    name: 'oarlock-everything',
    version: '1.0.0',
    instructions: 'Fixtures of the MCP conformance suite.',
    ...options,
  })
  addContent(server)
  addConversation(server)
  addAsking(server)
  addSchemas(server)
  addResources(server)
  addPrompts(server)
  return server
}

function addContent(server: Server): void {
  server.tool('test_simple_text', { description: 'Returns one text block' }, () => 'This is a simple text response for testing.')
  server.tool('test_image_content', { description: 'Returns an image' }, () => image(PNG, 'image/png'))
  server.tool('test_audio_content', { description: 'Returns audio' }, () => audio(WAV, 'audio/wav'))
  server.tool('test_embedded_resource', { description: 'Returns an embedded resource' }, () =>
    embed('test://embedded-resource', 'This is an embedded resource content.', 'text/plain'),
  )
  server.tool('test_multiple_content_types', { description: 'Returns text, an image and a resource' }, () => [
    text('Multiple content types test:'),
    image(PNG, 'image/png'),
    embed('test://mixed-content-resource', JSON.stringify({ test: 'data', value: 123 }), 'application/json'),
  ])
  server.tool('test_error_handling', { description: 'Always fails' }, () => {
    throw new ToolError('This tool intentionally returns an error for testing')
  })
}

function addConversation(server: Server): void {
  // Something said before the answer makes it a stream: without it the suite has no parallel streams to look at (server-sse-multiple-streams).
  server.use('tools/list', (_call, next, ctx) => {
    ctx.log.info('Listing tools')
    return next()
  })
  server.tool('test_tool_with_logging', { description: 'Logs three messages' }, async (_args, ctx) => {
    ctx.log.info('Tool execution started')
    await pause(50)
    ctx.log.info('Tool processing data')
    await pause(50)
    ctx.log.info('Tool execution completed')
    return 'Tool with logging executed successfully'
  })
  server.tool('test_logging_tool', { description: 'Logs when the request asks for it' }, (_args, ctx) => {
    ctx.log.info('This is a log message')
    return 'Logged'
  })
  server.tool('test_tool_with_progress', { description: 'Reports progress 0, 50, 100' }, async function* () {
    for (const progress of [0, 50, 100]) {
      yield { progress, total: 100, message: `Completed step ${progress} of 100` }
      await pause(50)
    }
    return 'Progress done'
  })
  server.tool('test_reconnection', { description: 'Lets the client come back for the result' }, async (_args, ctx) => {
    ctx.release(100)
    await pause(200)
    return 'Reconnection test completed successfully'
  })
  server.tool('test_trigger_tool_change', { description: 'Adds and removes a tool' }, () => {
    server.tool('test_temporary_tool', { description: 'Here for a moment' }, () => 'ok').remove()
    return 'Tools changed'
  })
  server.tool('test_trigger_prompt_change', { description: 'Adds and removes a prompt' }, () => {
    server.prompt('test_temporary_prompt', { description: 'Here for a moment' }, () => 'ok').remove()
    return 'Prompts changed'
  })
}

function addSchemas(server: Server): void {
  const input = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  }
  server.tool('json_schema_2020_12_tool', { description: 'Has every keyword of JSON Schema 2020-12', input }, args => JSON.stringify(args))
  const region = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } }, required: ['region'] }
  server.tool(
    'test_x_mcp_header',
    { description: 'Mirrors its argument into a header', input: region },
    args => `Region: ${(args as { region: string }).region}`,
  )
}

function addResources(server: Server): void {
  server.resource(
    'static-text',
    { uri: 'test://static-text', description: 'A text', mimeType: 'text/plain' },
    () => 'This is the content of the static text resource.',
  )
  server.resource('static-binary', { uri: 'test://static-binary', description: 'An image', mimeType: 'image/png' }, () =>
    Uint8Array.from(atob(PNG), char => char.charCodeAt(0)),
  )
  server.resource(
    'watched-resource',
    { uri: 'test://watched-resource', description: 'Can be subscribed', mimeType: 'text/plain' },
    () => 'Watched resource content',
  )
  server.template(
    'template',
    {
      uri: 'test://template/{id}/data',
      description: 'Data by id',
      mimeType: 'application/json',
      params: Type.Object({ id: Type.String() }),
    },
    ({ id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  )
}

function addPrompts(server: Server): void {
  server.prompt('test_simple_prompt', { description: 'One message' }, () => 'This is a simple prompt for testing.')
  const args = Type.Object({ arg1: Type.String({ description: 'First' }), arg2: Type.String({ description: 'Second' }) })
  server.prompt(
    'test_prompt_with_arguments',
    { description: 'Two arguments', args, complete: { arg1: value => [`${value}paris`, `${value}park`] } },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  )
  const resource = Type.Object({ resourceUri: Type.String({ description: 'URI to embed' }) })
  server.prompt('test_prompt_with_embedded_resource', { description: 'Embeds a resource', args: resource }, ({ resourceUri }) => [
    embed(resourceUri, 'Embedded resource content for testing.', 'text/plain'),
    text('Please process the embedded resource above.'),
  ])
  server.prompt('test_prompt_with_image', { description: 'Holds an image' }, () => [
    image(PNG, 'image/png'),
    text('Please analyze the image above.'),
  ])
}
