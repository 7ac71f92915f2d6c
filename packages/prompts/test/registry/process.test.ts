/** A server with a watched folder in a process of its own, over its standard streams. */
import { fileURLToPath } from 'node:url'
import { Client } from '@oarlock/client'
import { REVISIONS } from '@oarlock/protocol'
import { stdioConnector } from '@oarlock/stdio/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { file, listChanged, Place, strike, textOf } from './stage.ts'

const test = suite('process')
test.after.each(strike)

const standing = fileURLToPath(new URL('fixtures/standing.ts', import.meta.url))

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`files are served, saved, told and rendered anew, and problems go to standard error, never to the protocol (${revision})`, async () => {
    const place = new Place({ 'a.md': file('description: d\narguments: { who: string }', 'Hello {{who}}') })
    const said: string[] = []
    let told = (): void => undefined
    const complaint = new Promise<void>(resolve => (told = resolve))
    const stderr = (line: string): void => {
      said.push(line)
      told()
    }
    const connector = stdioConnector({ command: process.execPath, args: [...process.execArgv, standing, place.path], stderr })
    const client = await Client.open(connector, { revision, cache: false })
    try {
      await client.listen({ prompts: true }).ready
      assert.is(await textOf(client, 'a', { who: 'Ann' }), 'Hello Ann')
      const heard = listChanged(client)
      place.save('a.md', file('description: e\narguments: { who: string }', 'Bye {{who}}'))
      await heard
      assert.is(await textOf(client, 'a', { who: 'Ann' }), 'Bye Ann')
      place.write('a.md', file('tittle: x'))
      await complaint
      assert.ok(said[0]?.includes(`${place.at('a.md')}:2:1 error 'tittle' means nothing here.`), said.join('\n'))
      assert.is(await textOf(client, 'a', { who: 'Ann' }), 'Bye Ann')
    } finally {
      await client.close()
    }
  })
}

test.run()
