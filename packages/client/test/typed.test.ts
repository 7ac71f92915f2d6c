/** A server's class as the type of its client. */
import { expectTypeOf } from 'expect-type'
import type { ContentBlock, ImageContent, TextContent } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import type { RequestOptions } from '../src/options.ts'
import { stateless } from './scripted.ts'

const test = suite('typed')

interface Context {
  readonly signal: AbortSignal
}

class Calculator {
  readonly precision = 2
  protected helper = (): number => 1
  #hidden = 1

  add({ a, b }: { a: number; b: number }): number {
    return a + b + this.#hidden
  }

  async later({ s }: { s: string }, _ctx: Context): Promise<{ length: number }> {
    return { length: s.length }
  }

  async *steps(_args: { n: number }): AsyncGenerator<{ progress: number }, string, undefined> {
    yield { progress: 1 }
    return 'done'
  }

  when(): Date {
    return new Date(0)
  }

  maybe(args: { x?: string }): string | undefined {
    return args.x
  }

  note(): TextContent {
    return { type: 'text', text: 'x' }
  }

  picture(): ImageContent {
    return { type: 'image', data: '', mimeType: 'image/png' }
  }

  blocks(): ContentBlock[] {
    return []
  }

  nothing(): void {}

  scale = (args: { by: number }): number => args.by
}

test('methods of the class are methods of the client, and call the tool of that name', async () => {
  const peer = stateless({
    'tools/call': params => ({ content: [], structuredContent: [params['name'], params['arguments']] }),
  })
  const client = await Client.open(peer.connector)
  const typed = client.as<typeof Calculator>()
  assert.equal(await (typed.add({ a: 1, b: 2 }) as Promise<unknown>), ['add', { a: 1, b: 2 }])
  assert.equal(await (typed.when() as Promise<unknown>), ['when', {}])
  assert.is(typed.add, typed.add)
  const options: RequestOptions = { meta: { 'com.example/x': 1 } }
  await typed.maybe({}, options)
  assert.match(peer.all('tools/call').at(-1)?.frame.text as string, '"com.example/x":1')
})

test('the proxy is no promise, and has no symbols', async () => {
  const client = await Client.open(stateless().connector)
  const typed = client.as<typeof Calculator>()
  assert.is(await Promise.resolve(typed), typed)
  assert.is((typed as unknown as Record<symbol, unknown>)[Symbol.iterator], undefined)
})

test('types: arguments as the method takes them, promises of what it returns', async () => {
  const client = await Client.open(stateless().connector)
  const typed = client.as<typeof Calculator>()
  expectTypeOf(typed.add).parameter(0).toEqualTypeOf<{ a: number; b: number }>()
  expectTypeOf(typed.add).returns.toEqualTypeOf<Promise<number>>()
  expectTypeOf(typed.later).parameter(0).toEqualTypeOf<{ s: string }>()
  expectTypeOf(typed.later).returns.toEqualTypeOf<Promise<{ length: number }>>()
  expectTypeOf(typed.steps).returns.toEqualTypeOf<Promise<string>>()
  expectTypeOf(typed.when).returns.toEqualTypeOf<Promise<string>>()
  expectTypeOf(typed.maybe).returns.toEqualTypeOf<Promise<string | undefined>>()
  expectTypeOf(typed.scale).parameter(0).toEqualTypeOf<{ by: number }>()
  expectTypeOf(typed.note).returns.toEqualTypeOf<Promise<string>>()
  expectTypeOf(typed.picture).returns.toEqualTypeOf<Promise<ContentBlock[]>>()
  expectTypeOf(typed.blocks).returns.toEqualTypeOf<Promise<string | ContentBlock[]>>()
  expectTypeOf(typed.nothing).returns.toEqualTypeOf<Promise<void>>()
  expectTypeOf(typed).not.toHaveProperty('precision')
  expectTypeOf(typed).not.toHaveProperty('helper')
  expectTypeOf(client.as<Calculator>()).toEqualTypeOf(typed)
  expectTypeOf(typed.add).parameter(1).toEqualTypeOf<RequestOptions | undefined>()
  // @ts-expect-error a wrong argument does not compile
  const wrong = (): unknown => typed.add({ a: '1', b: 2 })
  // @ts-expect-error nor does a tool that is not there
  const absent = (): unknown => typed.subtract({ a: 1, b: 2 })
  assert.type(wrong, 'function')
  assert.type(absent, 'function')
})

test('a wrong argument, a wrong result and a tool that is not there are compile errors', async () => {
  const peer = stateless({ 'tools/call': () => ({ content: [], structuredContent: 3 }) })
  const client = (await Client.open(peer.connector)).as<typeof Calculator>()
  const wrong = async (): Promise<void> => {
    // @ts-expect-error -- an argument of another type
    await client.add({ a: '1', b: 2 })
    // @ts-expect-error -- an argument is missing
    await client.add({ a: 1 })
    // @ts-expect-error -- no arguments at all
    await client.add()
    // @ts-expect-error -- a result of another type
    const sum: string = await client.add({ a: 1, b: 2 })
    // @ts-expect-error -- no such tool
    await client.subtract({ a: 1, b: 2 })
    // @ts-expect-error -- not a method
    await client.precision()
    assert.ok(sum)
  }
  assert.type(wrong, 'function')
  assert.is((await client.add({ a: 1, b: 2 })).toFixed(1), '3.0')
})

test.run()
