/** The page: one client, over HTTP, or over WebSocket where the address says `?over=ws`. */
/// <reference lib="dom" />

import { Client } from 'oarlock/client'
import { httpConnector } from 'oarlock/http/client'
import { wsConnector } from 'oarlock/ws/client'

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T
}

// #region connect
const url = new URL('/mcp', location.href)
const overWs = new URLSearchParams(location.search).get('over') === 'ws'
const connector = overWs ? wsConnector(url.href.replace(/^http/, 'ws')) : httpConnector(url)
const client = await Client.open(connector, { name: 'poll-page', version: '1.0.0', answers: { elicit: ({ message }) => ask(message) } })
client.on('reconnect.scheduled', () => (element('state').textContent = 'connecting'))
client.on('connection.restored', show)
show()
// #endregion

// #region follow
client.follow({
  contents: {
    'poll://results': ([content]) => void (element('results').textContent = String(content && 'text' in content && content.text)),
  },
})
// #endregion

// #region complete
const form = element<HTMLFormElement>('vote')
const drink = form.elements.namedItem('drink') as HTMLInputElement
const completer = client.completer({ type: 'ref/resource', uri: 'poll://votes/{drink}' })
async function suggest(): Promise<void> {
  const found = await completer.suggest({ name: 'drink', value: drink.value })
  // Nothing when more was typed meanwhile.
  if (found !== undefined) element('drinks').replaceChildren(...found.values.map(value => new Option(value, value)))
}
drink.addEventListener('input', () => void suggest())
// #endregion

form.addEventListener('submit', event => {
  event.preventDefault()
  void vote()
})

async function vote(): Promise<void> {
  element('said').textContent = String(await client.call('vote', { drink: drink.value }).catch((error: Error) => error.message))
}

/** Shows a question of the server in a dialog, as text: what a server says is never HTML. */
function ask(message: string): Promise<{ action: 'accept'; content: { name: string } } | { action: 'decline' }> {
  const dialog = element<HTMLDialogElement>('question')
  const name = dialog.querySelector('input') as HTMLInputElement
  element('message').textContent = message
  dialog.showModal()
  return new Promise(resolve =>
    dialog.addEventListener(
      'close',
      () => resolve(dialog.returnValue === 'accept' ? { action: 'accept', content: { name: name.value } } : { action: 'decline' }),
      { once: true },
    ),
  )
}

function show(): void {
  element('state').textContent = `connected over ${client.transport}, ${client.revision}`
}
