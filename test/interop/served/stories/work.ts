/** What happens while a call is under way: progress, logs, cancellation. */
import * as assert from 'uvu/assert'
import { failureOf, type Guest, happened, type Loose, newKey, textOf } from '../guest.ts'
import { stateless, type Story } from './story.ts'

/** Calls a tool that tells its progress, nods when all of it has come, and returns what came. */
async function progressOf(guest: Guest, name: string, count: number): Promise<{ readonly seen: Loose[]; readonly text: string }> {
  const key = newKey()
  const seen: Loose[] = []
  const result = await guest.call(
    name,
    { key, count },
    {
      onprogress: progress => {
        if (seen.push(progress) === count) void guest.call('nod', { key })
      },
    },
  )
  return { seen, text: textOf(result) }
}

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel'
const levels = (logs: readonly Loose[]): unknown[] => logs.map(({ level }) => level as unknown)

export const WORK_STORIES: readonly Story[] = [
  {
    title: 'what a generator yields is progress',
    async tell(guest, { revision }) {
      const { seen, text } = await progressOf(guest, 'steps', 3)
      const message = (step: number): Loose => (revision >= '2025-03-26' ? { message: `step ${step}` } : {})
      assert.equal(
        seen,
        [1, 2, 3].map(step => ({ progress: step, total: 3, ...message(step) })),
      )
      assert.is(text, '3 steps')
    },
  },
  {
    title: 'progress may be fractions',
    async tell(guest) {
      const { seen, text } = await progressOf(guest, 'halves', 4)
      assert.equal(
        seen.map(({ progress, total }) => [progress, total]),
        [
          [0.5, 2],
          [1, 2],
          [1.5, 2],
          [2, 2],
        ],
      )
      assert.is(text, '4 halves')
    },
  },
  {
    title: 'fifty calls at once each hear of their own progress',
    async tell(guest) {
      const heard = await Promise.all(Array.from({ length: 50 }, (_, index) => progressOf(guest, 'steps', (index % 5) + 1)))
      for (const [index, { seen, text }] of heard.entries()) {
        assert.is(text, `${(index % 5) + 1} steps`)
        assert.equal(
          seen.map(({ progress }) => progress as number),
          Array.from({ length: (index % 5) + 1 }, (_, step) => step + 1),
        )
      }
    },
  },
  {
    title: 'nobody hears of progress that was not asked for',
    async tell(guest) {
      const key = newKey()
      const before = guest.tap.received.length
      const call = guest.call('steps', { key, count: 3 })
      await guest.call('nod', { key })
      assert.is(textOf(await call), '3 steps')
      assert.not(guest.tap.received.slice(before).some(({ method }) => method === 'notifications/progress'))
    },
  },
  {
    title: 'cancelling a call aborts the signal of its handler',
    async tell(guest) {
      await cancelled(guest, { key: newKey() })
    },
  },
  {
    title: 'cancelling a call that has said something already aborts the signal of its handler',
    async tell(guest) {
      await cancelled(guest, { key: newKey(), aloud: true })
    },
  },
  {
    title: 'a call that takes the client too long is aborted',
    async tell(guest) {
      const key = newKey()
      const call = failureOf(guest.call('wait', { key }, { timeout: 100 }))
      await happened(guest, key, 'aborted')
      assert.match((await call).message, /time/i)
    },
  },
  {
    title: 'the client hears of logs at its level and above',
    where: cell => !stateless(cell),
    async tell(guest) {
      for (const [level, expected] of [
        ['warning', ['warning', 'error']],
        ['debug', ['debug', 'info', 'warning', 'error']],
        ['alert', []],
      ] as const) {
        await guest.client.setLoggingLevel(level)
        const before = guest.news.of('notifications/message').length
        await guest.call('log')
        const logs = guest.news.of('notifications/message').slice(before)
        assert.equal(levels(logs), [...expected])
        if (level === 'warning') assert.equal(logs[0], { level: 'warning', logger: 'disk', data: { disk: 'low' } })
      }
      assert.is((await failureOf(guest.client.setLoggingLevel('loud')))['code'], -32602)
    },
  },
  {
    title: 'the client hears of logs when the request asks for them',
    where: stateless,
    async tell(guest) {
      const before = guest.news.of('notifications/message').length
      await guest.call('log')
      assert.is(guest.news.of('notifications/message').length, before)
      await guest.call('log', {}, { meta: { [LOG_LEVEL]: 'warning' } })
      const logs = guest.news.of('notifications/message').slice(before)
      assert.equal(levels(logs), ['warning', 'error'])
      assert.equal(logs[0], { level: 'warning', logger: 'disk', data: { disk: 'low' } })
    },
  },
]

async function cancelled(guest: Guest, args: { readonly key: string; readonly aloud?: boolean }): Promise<void> {
  const controller = new AbortController()
  const call = failureOf(guest.call('wait', args, { signal: controller.signal }))
  await happened(guest, args.key, 'waiting')
  controller.abort('enough')
  assert.match((await call).message, 'enough')
  await happened(guest, args.key, 'aborted')
}
