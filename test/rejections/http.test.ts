/** The rejections over real sockets, behind both doors: status, number and id, held against what the official server answers. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open } from '../../packages/http/test/doors.ts'
import { ask, openSession, type Answer } from '../../packages/http/test/wire.ts'
import { frameValidator } from '../oracle/frame-validator.ts'
import { M, type Case } from './case.ts'
import { CASES } from './cases.ts'
import { victim } from './server.ts'

const test = suite('rejections over HTTP')

const server = victim()
const open = new Map<string, Open>()
const sessions = new Map<string, Record<string, string>>()

test.before(async () => {
  for (const [name, openDoor] of DOORS) {
    const door = await openDoor(server)
    open.set(name, door)
    sessions.set(name, await openSession(door.port))
  }
})

test.after(async () => {
  for (const door of open.values()) await door.close()
  await server.close()
})

function headersOf({ conversation, headers }: Case, door: string): Record<string, string | undefined> {
  return { ...(conversation === 'session' ? sessions.get(door) : { 'mcp-protocol-version': M }), ...headers }
}

/** Before 2025-11-25 an id that could not be read is null. */
const revisionOf = ({ conversation, http }: Case) => (http.id === null ? '2025-06-18' : conversation === 'session' ? '2025-11-25' : M)

function judge(each: Case, answer: Answer): void {
  const { http, official, departs } = each
  const { error, id } = (answer.json ?? {}) as { error?: { code: number; message: string; data?: Record<string, unknown> }; id?: unknown }
  assert.equal([answer.status, error?.code, id], [http.status, http.code, http.id], answer.text.slice(0, 500))
  for (const [key, value] of Object.entries(http.data ?? {})) assert.equal(error?.data?.[key], value)
  assert.ok((error?.message ?? '').length > 5, 'it says what is wrong')
  assert.equal(frameValidator(revisionOf(each))(answer.json), [], 'the error itself is in order')
  assert.ok(answer.text.length < 2_000, 'the answer is short')
  assert.not.match(answer.text, /node:|\.ts:|\\n *at /, 'no stack leaves')
  if (official !== undefined && departs === undefined)
    assert.equal([http.status, http.code], [...official], 'as the official server answers')
}

for (const door of DOORS.keys()) {
  for (const [theme, cases] of CASES) {
    for (const each of cases) {
      test(`${each.name} (${theme}, ${door})`, async () => {
        const { port } = open.get(door) as Open
        judge(each, await ask(port, { headers: headersOf(each, door), body: each.body }))
      })
    }
  }

  test(`after all of that the server serves (${door})`, async () => {
    const { port } = open.get(door) as Open
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    assert.is((await ask(port, { headers: sessions.get(door) as Record<string, string>, body })).status, 200)
  })
}

test('a case that departs from the official server differs from it', () => {
  for (const { name, http, official, departs } of [...CASES.values()].flat()) {
    if (departs !== undefined) assert.is.not(`${http.status} ${http.code}`, official?.join(' '), name)
  }
})

test.run()
