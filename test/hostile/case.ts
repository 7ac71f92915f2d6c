/** What a hostile case is: data. Who sends which bytes over which ways, the rule that says what must come of it, and what that is. */

/** `exchange` is 2026-07-28, `session` 2025-11-25 and `batch` 2025-03-26, the one revision with batches. */
export type Talk = 'exchange' | 'session' | 'batch'

/** How a message travels. */
export type Wire = 'http' | 'stdio' | 'ws'

/** A transport and a conversation over it. */
export type Way = `${Wire} ${Talk}`

const WIRES: readonly Wire[] = ['http', 'stdio', 'ws']
const waysOf = (...talks: readonly Talk[]): readonly Way[] => talks.flatMap(talk => WIRES.map(wire => `${wire} ${talk}` as const))

/** The ways that cases are expanded over. */
export const EXCHANGES = waysOf('exchange')
export const SESSIONS = waysOf('session')
export const BATCHES = waysOf('batch')
export const EVERYWHERE = waysOf('exchange', 'session')
export const ALL = waysOf('exchange', 'session', 'batch')
export const LINKS: readonly Way[] = EVERYWHERE.filter(way => !way.startsWith('http'))

export type Json = Readonly<Record<string, unknown>>

/** Something that depends on the conversation. */
export type ByTalk<T> = T | Readonly<Record<Talk, T>>

/** What must come of a message. */
export interface Expected {
  /** `failed` is the result of a tool that tells the model; `answered` one of either kind; `stream` one that stays open; `closed` an end without an answer. */
  readonly outcome: 'refused' | 'answered' | 'served' | 'failed' | 'silence' | 'stream' | 'closed'
  /** HTTP statuses, any of which will do. Looked at over HTTP alone. */
  readonly status?: ByTalk<number | readonly number[]>
  /** JSON-RPC codes, any of which will do. */
  readonly code?: ByTalk<number | readonly number[]>
  /** The id that comes back. `null` or none for what could not be read. */
  readonly id?: string | number | null
  /** The close codes of a WebSocket, any of which will do. */
  readonly close?: number | readonly number[]
  /** What must be in the answer. */
  readonly says?: RegExp
  /** How many answers come, in all. One when absent. */
  readonly answers?: number
}

/** What is remembered of earlier answers in a conversation of several steps. */
export type Kept = Readonly<Record<string, string>>

/** Headers by name. `undefined` takes one away, a list sends it several times. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** One message of a conversation, and what must come of it. */
export interface Step {
  /** The message, as value, text or bytes; or a function that makes it of what was kept. */
  readonly send: unknown
  readonly expect: Expected
  /** Where a connection takes it otherwise than HTTP does: there are no headers, and what is no message is met with silence. */
  readonly onLink?: Expected
  readonly headers?: Headers | ((kept: Kept) => Headers)
  readonly method?: string
  /** Who sends it, where the house is guarded. */
  readonly as?: 'alice' | 'bob'
  /** In this conversation instead of the way's own. Only over HTTP. */
  readonly talk?: Talk | 'none'
  /** Takes from an answer what later steps need. */
  readonly keep?: (answer: Answer) => Kept
  /** Goes on before the answer is there, which is awaited no more. */
  readonly unanswered?: true
}

/** An answer, as far as it could be read. */
export interface Answer {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly messages: readonly Message[]
}

/** A message of the server. */
export interface Message {
  readonly id?: string | number | null
  readonly method?: string
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** What is done on a bare socket: bytes, a wait in milliseconds or for what matches, or an act. */
export type Piece = string | Uint8Array | { readonly wait: number } | { readonly until: RegExp } | Act

/** The end of this side, an end without a word, or no more reading. */
export interface Act {
  readonly act: 'end' | 'reset' | 'stop reading'
}

export const END: Act = { act: 'end' }
export const RESET: Act = { act: 'reset' }
export const DEAF: Act = { act: 'stop reading' }

interface Common {
  readonly name: string
  /** The id of a requirement (DIGEST section 7) or threat, an RFC with its section, or `plain sense: …`. */
  readonly rule: string
  /** Longest time, in milliseconds. */
  readonly within?: number
  /** Largest answer, in bytes. */
  readonly size?: number
}

/** A conversation in messages, the same over each of its ways. */
export interface TalkCase extends Common {
  readonly kind: 'talk'
  readonly over: readonly Way[]
  readonly steps: readonly Step[]
}

/** Bytes on a socket to one of the doors. */
export interface BytesCase extends Common {
  readonly kind: 'bytes'
  readonly door: 'http' | 'guarded' | 'hasty' | 'ws' | 'guardedWs' | 'hastyWs'
  readonly pieces: readonly Piece[]
  readonly expect: Expected
}

/** Bytes on the input of a server of lines: a stream of its own, or where that matters a process of its own. */
export interface LinesCase extends Common {
  readonly kind: 'lines'
  readonly process?: true
  readonly pieces: readonly Piece[]
  readonly expect: Expected
}

export type Case = TalkCase | BytesCase | LinesCase

/** Most that comes back of anything: no attack is made larger here. */
export const MOST = 8 * 1024
