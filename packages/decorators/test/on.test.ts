/** Methods that answer and listen for a client, in the standard dialect. */
import { Client } from '@oarlock/client'
import { type ElicitRequestFormParams, memoryConnector } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OnElicit, OnListChanged, OnProgress, OnResourceUpdated, OnRoots, OnSampling } from '../src/index.ts'
import { answering, Plain, serving } from './on-scene.ts'

const test = suite('on')

class Desk extends Plain {
  @OnElicit() override form(form: ElicitRequestFormParams) {
    return super.form(form)
  }
  @OnSampling({ tools: true }) override sample() {
    return super.sample()
  }
  @OnRoots() override roots() {
    return super.roots()
  }
  @OnProgress() override progress(step: { progress: number; method: string }) {
    super.progress(step)
  }
  @OnListChanged('tools') override tools(list: string) {
    super.tools(list)
  }
  @OnResourceUpdated('logs://api') override updated(news: { uri: string }) {
    super.updated(news)
  }
}

answering(test, Desk)

test('an object that answers nothing is refused, and so is a decorator on anything but a method', async () => {
  const server = serving()
  const client = await Client.open(memoryConnector(server))
  let thrown: unknown
  await client.answerWith(new Date()).catch((cause: unknown) => (thrown = cause))
  assert.match(String(thrown), 'Date has no method with @OnElicit')
  assert.throws(() => OnRoots()({} as never, 'x', undefined as never), /stands on a method/)
  await client.close()
  await server.close()
})

test.run()
