/** The example of the guide does what the guide says. */
import { EventEmitter } from 'node:events'
import { rules } from '@oarlock/resources'
import { connected, type Json } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { serving } from './shelf.ts'
import { Tickets, type Ticket, type Tracker } from './tickets.ts'

const test = suite('tickets')

function tracker(): Tracker & { edit(id: string): void } {
  const edits = new EventEmitter()
  const ids = ['OPS-1', 'WEB-1', 'WEB-2']
  const all = new Map<string, Ticket>(ids.map(id => [id, { id, title: `Ticket ${id}`, body: 'text', version: 1, edited: new Date(0) }]))
  return {
    ticket: async id => all.get(id),
    tickets: async (after, limit) => [...all.values()].filter(({ id }) => id > after).slice(0, limit),
    idsLike: async typed => ids.filter(id => id.startsWith(typed)),
    onEdited(id, changed) {
      edits.on(id, changed)
      return () => edits.off(id, changed)
    },
    edit: id => void edits.emit(id),
  }
}

test('tickets are listed, read, followed and completed, as far as they may be', async () => {
  const source = tracker()
  const access = rules([{ uri: 'tickets:OPS-*', roles: ['ops'] }, { uri: 'tickets:*' }])
  const tickets = new Tickets(source, { access, keep: { ttl: 60_000, shared: true } })
  await using pair = await connected(serving(tickets))
  const { client } = pair
  assert.equal(
    (await client.resources()).map(({ uri }) => uri),
    ['tickets:WEB-1', 'tickets:WEB-2'],
  )
  const [content] = (await client.read('tickets:WEB-1')) as unknown as { text: string; _meta: Json }[]
  assert.is(content?.text, '# Ticket WEB-1\n\ntext')
  const { values } = await client.complete({ type: 'ref/resource', uri: 'tickets:{id}{?offset,length}' }, { name: 'id', value: '' })
  assert.equal(values, ['WEB-1', 'WEB-2'])
  const subscription = client.listen({ resources: ['tickets:WEB-1'] })
  await subscription.ready
  await new Promise(resolve => setImmediate(resolve))
  source.edit('WEB-1')
  assert.equal((await subscription.next()).value, { kind: 'resource', uri: 'tickets:WEB-1' })
  subscription.close()
})

test.run()
