/** The same in the experimental dialect. */
import type { ElicitRequestFormParams } from '@oarlock/protocol'
import { suite } from 'uvu'
import { OnElicit, OnListChanged, OnProgress, OnResourceUpdated, OnRoots, OnSampling } from '../../src/index.ts'
import { answering, Plain } from '../on-scene.ts'

const test = suite('on, experimental')

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

test.run()
