/** The server that every rejection is asked of: one of each thing, so that only what is wrong with a message is wrong. It completes nothing. */
import { Server, Type } from 'oarlock'

export function victim(): Server {
  const server = new Server({ name: 'victim', version: '1', log: false })
  server.tool('echo', { input: Type.Object({ text: Type.String() }) }, ({ text }) => text)
  server.tool('form', {}, async (_, ctx) => {
    const { action } = await ctx.elicit('who', { message: 'Who?', schema: Type.Object({ name: Type.String() }) })
    return action
  })
  server.resource('page', { uri: 'page://one' }, () => 'one')
  server.prompt('review', { args: Type.Object({ code: Type.String() }) }, ({ code }) => code)
  return server
}
