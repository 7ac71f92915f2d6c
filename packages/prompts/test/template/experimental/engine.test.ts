/** Templates of prompts with experimental decorators. */
import '@oarlock/prompts'
import { Arg, Prompt } from '@oarlock/decorators'
import { Server, type In } from '@oarlock/kernel'
import { connected } from '@oarlock/testing'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { spoken } from '../stage.ts'

const engine = suite('the engine, with experimental decorators')

const Args = Type.Object({ code: Type.String() })

class Prompts {
  @Prompt({ description: 'Review', args: Args, template: 'Review {{code}}, {{tone}}{{#assistant}}Gladly.{{/assistant}}', adds: ['tone'] })
  review(_args: In<typeof Args>) {
    return { tone: 'kindly' }
  }

  @Prompt({ description: 'Ask', template: '{{#each (range 1 times)}}{{this}} {{/each}}{{more}}', adds: ['more'] })
  ask(@Arg('times', Type.Integer()) times: number) {
    return { more: times + 1 }
  }
}

engine('a decorated method adds values to its template', async () => {
  const server = new Server({ name: 's', version: '1' })
  server.offer(new Prompts())
  await using pair = await connected(server, { transport: 'http' })
  assert.equal(spoken(await pair.client.prompt('review', { code: '{{x}}' })), [
    ['user', 'Review {{x}}, kindly'],
    ['assistant', 'Gladly.'],
  ])
  assert.equal(spoken(await pair.client.prompt('ask', { times: '2' })), [['user', '1 2 3']])
})

engine.run()
