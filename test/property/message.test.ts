/** Any message, in any revision, written and read again, is the same message. */
import * as assert from 'node:assert/strict'
import {
  encodeError,
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  Fault,
  FAULTS,
  lower,
  lowerParams,
  methodsOf,
  numbersOf,
  parse,
  REVISIONS,
  rowOf,
  type FaultName,
  type JsonValue,
  type Method,
} from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { AnyValue, frozen } from '../../packages/protocol/test/any-value.ts'
import { holds } from './holds.ts'
import { id, json, jsonObject, text, wildText } from './values.ts'

const test = suite('messages on the wire')
const seed = fc.nat({ max: 1_000_000 })
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

for (const revision of REVISIONS) {
  const methods = new Map([...methodsOf(revision, 'client'), ...methodsOf(revision, 'server')].map(each => [each.name, each]))

  test(`requests and notices of ${revision} come back as they were`, () =>
    holds(fc.record({ name: fc.constantFrom(...methods.keys()), id, seed }), ({ name, id, seed }) => {
      const { kind, params } = methods.get(name) as Method
      const said = lowerParamsOr(name, new AnyValue(seed).of(params) as object, revision)
      if (said === undefined) return
      const wire = kind === 'request' ? encodeRequest(id, name, said) : encodeNotice(name, said)
      const expected = { kind, ...(kind === 'request' ? { id } : {}), method: name, params: plain(said) }
      assert.deepEqual(plain(parse(wire)), expected)
      assert.ok(!wire.includes('\n'))
    }))

  test(`results of ${revision} come back as they were`, () =>
    holds(fc.record({ name: fc.constantFrom(...methods.keys()), id, seed }), ({ name, id, seed }) => {
      const { result } = methods.get(name) as Method
      if (result === undefined) return
      const said = lower(name, new AnyValue(seed).of(result) as object, revision)
      assert.deepEqual(plain(parse(encodeResult(id, JSON.stringify(said)))), { kind: 'reply', id, result: plain(said) })
    }))

  test(`faults of ${revision} come back with their number, text and data, and with the id if there was one`, () =>
    holds(
      fc.record({
        fault: fc.constantFrom(...(Object.keys(FAULTS) as FaultName[])),
        id: fc.option(id, { nil: undefined }),
        message: text,
        data: json,
      }),
      ({ fault, id, message, data }) => {
        const wire = encodeFault(id, new Fault(fault, message, { data: data as JsonValue }), revision)
        const { code, status } = numbersOf(fault, revision)
        assert.equal(wire.status, status)
        const said = parse(wire.text)
        assert.ok(said.kind === 'reply')
        assert.deepEqual([said.id, said.error], [id, { code, message, data }])
      },
    ))

  test(`what is said in the words of ${revision} is said: saying it again changes nothing, and the value is never touched`, () =>
    holds(
      fc.record({ name: fc.constantFrom(...methods.keys()), seed, foreign: fc.array(fc.tuple(fc.nat(), json), { maxLength: 3 }) }),
      ({ name, seed, foreign }) => {
        const { params } = methods.get(name) as Method
        const { result } = rowOf(name) ?? {}
        if (result !== undefined) {
          const value = frozen(extended(new AnyValue(seed).of(result), foreign)) as object
          const said = lower(name, value, revision)
          assert.deepEqual(lower(name, said, revision), said)
        }
        const said = lowerParamsOr(name, frozen(extended(new AnyValue(seed).of(params), foreign)) as object, revision)
        if (said !== undefined) assert.deepEqual(lowerParams(name, said, revision), said)
      },
    ))

  test(`what is wrong is said in the words of ${revision} as well as it can be: nothing throws, and the value is never touched`, () =>
    holds(
      fc.record({
        name: fc.constantFrom(...methods.keys()),
        seed,
        wrong: fc.array(fc.tuple(fc.nat(), misfit), { minLength: 1, maxLength: 4 }),
      }),
      ({ name, seed, wrong }) => {
        const { params } = methods.get(name) as Method
        const { result } = rowOf(name) ?? {}
        for (const value of [result === undefined ? {} : new AnyValue(seed).of(result), wrong[0]?.[1]]) {
          const said = lower(name, frozen(misfitted(value, wrong)) as object, revision)
          assert.deepEqual(lower(name, said, revision), said)
        }
        lowerParamsOr(name, frozen(misfitted(new AnyValue(seed).of(params), wrong)) as object, revision)
      },
      500,
    ))
}

test('any JSON object as params, and any text as method, comes back', () =>
  holds(fc.record({ id, method: wildText, params: jsonObject }), ({ id, method, params }) => {
    assert.deepEqual(plain(parse(encodeRequest(id, method, params))), plain({ kind: 'request', id, method, params }))
  }))

test('an error object comes back, whatever its data', () =>
  holds(fc.record({ id, code: fc.integer(), message: text, data: json }), ({ id, ...error }) => {
    assert.deepEqual(plain(parse(encodeError(id, error))), { kind: 'reply', id, error })
  }))

test('any text at all is a message or a fault, never an exception', () =>
  holds(
    fc.oneof(
      wildText,
      json.map(value => JSON.stringify(value)),
    ),
    input => {
      const incoming = parse(input)
      assert.ok(['request', 'notice', 'reply', 'batch', 'invalid'].includes(incoming.kind))
    },
  ))

/** Undefined for what a revision has no words for: an elicitation by URL, before there was one. */
function lowerParamsOr(...[name, params, revision]: Parameters<typeof lowerParams>): object | undefined {
  try {
    return lowerParams(name, params, revision)
  } catch (error) {
    assert.ok(Fault.is(error) && error.fault === 'MISSING_CAPABILITY', error as Error)
    return undefined
  }
}

/** Values that are not what stands in most places, some of which cannot be made text. */
const misfit = fc.oneof(
  json,
  fc.constantFrom(null, 'text', 0, true, [], {}, [null], [[]], ['text'], { type: 'text' }, [{ type: 'audio' }], [{ type: 'resource' }]),
  fc.constantFrom({ type: 'resource_link', title: { toString: 1, valueOf: 1 } }, { type: 'tool_result', content: 'text' }, { toString: 1 }),
)

/** Puts other values in the place of some, somewhere inside. */
function misfitted(value: unknown, others: readonly (readonly [place: number, other: unknown])[]): unknown {
  const copy = structuredClone(value)
  for (const [place, other] of others) {
    let inner = copy
    for (let left = place; typeof inner === 'object' && inner !== null; left = Math.floor(left / 3)) {
      const names = Object.keys(inner)
      const name = names[left % Math.max(1, names.length)]
      if (name === undefined) break
      const next = (inner as Record<string, unknown>)[name]
      if (left % 4 === 0 || typeof next !== 'object' || next === null) {
        Object.defineProperty(inner, name, { value: structuredClone(other), writable: true, enumerable: true, configurable: true })
        break
      }
      inner = next
    }
  }
  return copy
}

/** Adds members that no vocabulary lists, somewhere inside. */
function extended(value: unknown, additions: readonly (readonly [place: number, json: unknown])[]): unknown {
  for (const [place, json] of additions) {
    let inner = value
    for (let left = place; typeof inner === 'object' && inner !== null; left = Math.floor(left / 3)) {
      const next = Object.values(inner)[left % 3] as unknown
      if (!Array.isArray(inner) && (left % 2 === 0 || typeof next !== 'object')) {
        Object.assign(inner, { 'com.example/foreign': structuredClone(json) })
        break
      }
      inner = next
    }
  }
  return value
}

test.run()
