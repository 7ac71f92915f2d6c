import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkOptions,
  memoryConnector,
  memoryEventLog,
  memorySessionStore,
  type MessageLimits,
  type OptionNames,
  type Service,
} from '@oarlock/protocol'

interface Door {
  readonly port: number
  readonly authenticate?: (() => void) | undefined
}

const DOOR: OptionNames<Door> = { port: true, authenticate: true }
const test = suite('option names')

const refused = (given: object, message: string): void =>
  assert.throws(
    () => checkOptions(given, DOOR, 'door()'),
    (error: unknown) => error instanceof TypeError && error.message === message,
  )

test('what is no option is refused, with the one that was probably meant', () => {
  refused({ port: 1, authenticat: () => {} }, "'authenticat' is no option of door(). Did you mean 'authenticate'?")
  refused({ weather: 1 }, "'weather' is no option of door().")
  refused({ toString: 1 }, "'toString' is no option of door().")
})

test('what is no object at all holds no options', () => {
  refused(3000 as unknown as object, 'The options of door() must be an object')
  refused(null as unknown as object, 'The options of door() must be an object')
})

test('options that exist pass, and none at all', () => {
  checkOptions({ port: 1, authenticate: undefined }, DOOR, 'door()')
  checkOptions(undefined, DOOR, 'door()')
})

test('what this package itself makes with options refuses those that do not exist', () => {
  const wrong: object = { limts: {} }
  assert.throws(() => memoryConnector({} as Service, wrong), /Did you mean 'limits'\?$/)
  assert.throws(() => memoryConnector({} as Service, { limits: { dept: 3 } as unknown as MessageLimits }), /Did you mean 'depth'\?$/)
  assert.throws(
    () => memoryEventLog({ maxEvent: 3 } as object),
    /^'maxEvent' is no option of memoryEventLog\(\)\. Did you mean 'maxEvents'\?$/,
  )
  assert.throws(() => memorySessionStore({ maxSession: 3 } as object), /Did you mean 'maxSessions'\?$/)
})

test.run()
