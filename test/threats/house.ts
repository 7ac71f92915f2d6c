/** A server that counts what it runs: a refused request must have run nothing. */
import { Server, Type, type ServerOptions } from 'oarlock'

export interface House {
  readonly server: Server
  /** What ran, in order: the tools and their arguments. */
  readonly ran: string[]
  /** What was reported to the log. */
  readonly reported: unknown[]
}

/** A house that keeps its log to itself, unless it `logs`. */
export function house({ logs = false, ...options }: Partial<ServerOptions> & { readonly logs?: boolean } = {}): House {
  const server = new Server({ name: 'house', version: '1', ...(logs ? {} : { log: false }), ...options })
  const ran: string[] = []
  const reported: unknown[] = []
  server.on('error.reported', event => reported.push(event))
  server.tool('echo', { input: Type.Object({ text: Type.String() }) }, ({ text }) => {
    ran.push(`echo ${text}`)
    return text
  })
  server.tool('admin', {}, () => {
    ran.push('admin')
    return 'done'
  })
  server.tool('sum', { input: Type.Object({ numbers: Type.Array(Type.Number()) }) }, ({ numbers }) => {
    ran.push('sum')
    return numbers.length
  })
  server.resource('page', { uri: 'page://one' }, () => 'one')
  server.template('part', { uri: 'part://{chapter}/{+rest}' }, ({ chapter, rest }) => `${String(chapter)} ${String(rest)}`)
  server.prompt('review', { args: Type.Object({ code: Type.String() }) }, ({ code }) => code)
  return { server, ran, reported }
}
