/** A server over HTTP and a client application, tested with vitest. */

import { open, scriptedServer } from '@oarlock/testing'
import { expect, test } from 'vitest'
import { forecast, weather } from './weather.ts'

// #region http
test.each(['2025-06-18', '2025-11-25', '2026-07-28'] as const)('the server answers in %s', async revision => {
  const { url, close } = await weather()
  const kit = await open(url, { revision })
  await kit.tool('forecast', { city: 'Oslo' }).returns(4)
  await kit.close()
  await close()
})
// #endregion

// #region scripted
test('the application asks again when the server is busy, and gives up in the end', async () => {
  const text = (value: string, isError = false) => ({ resultType: 'complete', content: [{ type: 'text', text: value }], isError })
  const server = scriptedServer({
    'tools/call': ({ message, times }) => (message.params?.['arguments'] && times === 0 ? text('busy', true) : text('21')),
  })
  expect(await forecast(server.connector, 'Rome')).toBe('21°')
  expect(server.received.filter(({ method }) => method === 'tools/call')).toHaveLength(2)

  server.on('tools/call', () => text('busy', true))
  expect(await forecast(server.connector, 'Rome')).toBe('unknown')
})
// #endregion
