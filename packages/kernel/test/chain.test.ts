import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compose } from '../src/chain.ts'
import type { CallInfo, Middleware } from '../src/catalog/component.ts'
import type { Context } from '../src/context.ts'

const test = suite('chain')
const INFO: CallInfo = { method: 'tools/call', component: undefined, args: {} }
const CTX = {} as Context

test('without layers the chain is the core itself', () => {
  const core = () => ({})
  assert.is(compose([], core), core)
})

test('the first layer is the outermost, and each sees the result of those within', async () => {
  const seen: string[] = []
  const layer =
    (name: string): Middleware =>
    async (_call, next) => {
      seen.push(`${name} in`)
      const result = (await next()) as { path: string }
      seen.push(`${name} out`)
      return { path: `${name}(${result.path})` }
    }
  const chain = compose([layer('a'), layer('b')], () => ({ path: 'core' }))
  assert.equal(await chain(INFO, CTX), { path: 'a(b(core))' })
  assert.equal(seen, ['a in', 'b in', 'b out', 'a out'])
})

test('a layer may answer by itself, and the rest does not run', async () => {
  let ran = false
  const chain = compose([() => ({ own: true })], () => ((ran = true), {}))
  assert.equal(await chain(INFO, CTX), { own: true })
  assert.not(ran)
})

test('an error of the core reaches the layers, which may turn it into a result', async () => {
  const rescue: Middleware = async (_call, next) => {
    try {
      return await next()
    } catch (error) {
      return { rescued: (error as Error).message }
    }
  }
  const chain = compose([rescue], () => {
    throw new Error('down')
  })
  assert.equal(await chain(INFO, CTX), { rescued: 'down' })
})

test('next() runs the rest once, and says so when it is called again', async () => {
  let runs = 0
  const twice: Middleware = async (_call, next) => {
    await next()
    return next()
  }
  const chain = compose([twice], () => ((runs += 1), {}))
  try {
    await chain(INFO, CTX)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, 'twice')
  }
  assert.is(runs, 1)
})

test('two calls at once through one chain do not share the count', async () => {
  const chain = compose([async (_call, next) => next()], () => ({ ok: true }))
  assert.equal(await Promise.all([chain(INFO, CTX), chain(INFO, CTX)]), [{ ok: true }, { ok: true }])
})

test.run()
