/** What an application does with one server: opens it once, and lets it heal, ask, and say what changed. */

import { connect, consent, OnElicit, OnListChanged, type Client, type Typed } from 'oarlock'
import type { ElicitRequestFormParams, ElicitResult } from '@oarlock/protocol'
import type { Shop } from './server.ts'

/** The person in front of the application. */
export interface User {
  allows(tool: string, args: object): boolean
  fills(form: string): ElicitResult
  tells(line: string): void
}

// #region desk
/** Answers for the application what the server asks, and hears what it tells. */
class Desk {
  readonly #user: User

  constructor(user: User) {
    this.#user = user
  }

  @OnElicit()
  form({ message }: ElicitRequestFormParams): ElicitResult {
    return this.#user.fills(message)
  }

  @OnListChanged('tools')
  changed(list: string): void {
    this.#user.tells(`${list} changed`)
  }
}
// #endregion

// #region open
/** The application's connection. */
export async function open(url: string, user: User): Promise<{ readonly client: Client; readonly shop: Typed<typeof Shop> }> {
  const client = await connect(url, {
    name: 'client-app',
    version: '1.0.0',
    heal: { firstWait: '20ms' },
    answers: { elicit: ({ message }) => user.fills(message) },
  })
  await client.answerWith(new Desk(user))
  client.use('tools/call', consent({ ask: ({ tool, args }) => user.allows(tool, args), trusted: true }))
  client.on('reconnect.scheduled', ({ attempt }) => user.tells(`reconnecting, attempt ${attempt}`))
  client.on('connection.restored', () => user.tells('connected again'))
  await client.tools()
  return { client, shop: client.as<typeof Shop>() }
}
// #endregion
