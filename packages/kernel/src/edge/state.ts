/** `requestState`: a call's journal, sealed so that the client that carries it can neither read it nor change it, nor use it for another call. */

import {
  duration,
  Fault,
  fromBase64Url,
  isObject,
  principalKey,
  toBase64Url,
  type Duration,
  type JsonObject,
  type Principal,
} from '@oarlock/protocol'
import { Journal, type JournalEntry } from '../journal.ts'

/** Where the server remembers states that may be used once. */
export interface SingleUse {
  /** Marks a nonce as used until `expiresAt` (Unix ms). False when it was used before. Must be atomic across processes. */
  claim(nonce: string, expiresAt: number): boolean | Promise<boolean>
}

/** How states are sealed. */
export interface StateOptions {
  /** Secrets of at least 32 characters. The first seals, all open: put a new one first to rotate. Every process of an endpoint needs the same. */
  readonly secrets?: readonly string[]
  /** How long a state is good for. `10m` when absent. */
  readonly ttl?: Duration
  readonly singleUse?: SingleUse
}

/** What a state is bound to: it opens for the same caller asking the same thing, and for nothing else (DIGEST S-MRTR-09). */
export interface Binding {
  readonly principal: Principal | undefined
  readonly method: string
  readonly params: JsonObject
}

interface Payload {
  /** Expiry, Unix ms. */
  readonly x: number
  /** Nonce for single use. */
  readonly n: string
  readonly j: JournalEntry
}

const VERSION = 1
const IV_BYTES = 12
const KEY_ID_BYTES = 4
/** Longest state accepted, in characters (DIGEST S-MRTR-18). */
const MAX_STATE = 262_144

interface Key {
  readonly id: string
  readonly key: Awaited<ReturnType<typeof crypto.subtle.deriveKey>>
}

/** Seals and opens states with AES-256-GCM through WebCrypto. */
export class StateSeal {
  readonly #options: StateOptions
  readonly #now: () => number
  readonly #ttlMs: number
  #keys: Promise<readonly Key[]> | undefined

  constructor(options: StateOptions, now: () => number) {
    for (const secret of options.secrets ?? []) {
      if (secret.length < 32) throw new TypeError('A secret for requestState needs at least 32 characters')
    }
    this.#ttlMs = duration(options.ttl ?? '10m', 'state.ttl')
    if (this.#ttlMs === 0) throw new TypeError('state.ttl must be longer than nothing')
    this.#options = options
    this.#now = now
  }

  /** Whether other processes can open what this one seals. */
  get shared(): boolean {
    return (this.#options.secrets?.length ?? 0) > 0
  }

  /** Seals a journal for the next round of the same call. @throws Fault INTERNAL_ERROR when it holds more than will be accepted back */
  async seal(journal: Journal, binding: Binding): Promise<string> {
    const [sealing] = await this.#ring()
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
    const payload: Payload = {
      x: this.#now() + this.#ttlMs,
      n: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
      j: journal.toEntry(),
    }
    const algorithm = { name: 'AES-GCM', iv, additionalData: await bound(binding) }
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt(algorithm, (sealing as Key).key, new TextEncoder().encode(JSON.stringify(payload))),
    )
    const bytes = new Uint8Array(1 + KEY_ID_BYTES + IV_BYTES + sealed.length)
    bytes[0] = VERSION
    bytes.set(fromHex((sealing as Key).id), 1)
    bytes.set(iv, 1 + KEY_ID_BYTES)
    bytes.set(sealed, 1 + KEY_ID_BYTES + IV_BYTES)
    const state = toBase64Url(bytes)
    if (state.length <= MAX_STATE) return state
    const cause = new RangeError(
      `What the call has to remember makes a requestState longer than ${MAX_STATE} characters: keep it elsewhere`,
    )
    throw new Fault('INTERNAL_ERROR', undefined, { cause })
  }

  /** Opens a state. @throws Fault INVALID_STATE whatever is wrong with it; the reason is kept as cause, never told (DIGEST 3.9) */
  async open(state: unknown, binding: Binding): Promise<Journal> {
    if (typeof state !== 'string') throw new Fault('INVALID_PARAMS', 'requestState must be a string')
    const payload = await this.#decrypt(state, binding)
    if (payload.x < this.#now()) throw refusal('expired')
    const { singleUse } = this.#options
    if (singleUse !== undefined && !(await singleUse.claim(payload.n, payload.x))) throw refusal('used before')
    return Journal.from(payload.j)
  }

  async #decrypt(state: string, binding: Binding): Promise<Payload> {
    const bytes = state.length > MAX_STATE ? undefined : fromBase64Url(state)
    if (bytes === undefined || bytes.length < 1 + KEY_ID_BYTES + IV_BYTES + 16 || bytes[0] !== VERSION) throw refusal('not one of ours')
    const id = toHex(bytes.subarray(1, 1 + KEY_ID_BYTES))
    const key = (await this.#ring()).find(each => each.id === id)
    if (key === undefined) throw refusal('sealed with an unknown key')
    const iv = bytes.slice(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + IV_BYTES)
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: await bound(binding) },
        key.key,
        bytes.slice(1 + KEY_ID_BYTES + IV_BYTES),
      )
      return JSON.parse(new TextDecoder().decode(plain)) as Payload
    } catch {
      throw refusal('changed, or of another call or caller')
    }
  }

  #ring(): Promise<readonly Key[]> {
    return (this.#keys ??= makeKeys(this.#options.secrets))
  }
}

const refusal = (reason: string): Fault => new Fault('INVALID_STATE', undefined, { cause: new Error(`requestState refused: ${reason}`) })

/** Without secrets, a key of this process alone. */
async function makeKeys(secrets: readonly string[] | undefined): Promise<readonly Key[]> {
  const materials =
    secrets === undefined || secrets.length === 0
      ? [crypto.getRandomValues(new Uint8Array(32))]
      : secrets.map(secret => new TextEncoder().encode(secret))
  return Promise.all(
    materials.map(async material => {
      const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey', 'deriveBits'])
      const derivation = (info: string) => ({
        name: 'HKDF',
        hash: 'SHA-256',
        salt: new Uint8Array(32),
        info: new TextEncoder().encode(info),
      })
      const id = await crypto.subtle.deriveBits(derivation('oarlock requestState key id'), base, KEY_ID_BYTES * 8)
      const key = await crypto.subtle.deriveKey(derivation('oarlock requestState'), base, { name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ])
      return { id: toHex(new Uint8Array(id)), key }
    }),
  )
}

/** The associated data: who, what, and a digest of with what. A state opened with any other fails to decrypt. */
async function bound({ principal, method, params }: Binding): Promise<Uint8Array<ArrayBuffer>> {
  const { _meta, inputResponses, requestState, ...own } = params
  void [_meta, inputResponses, requestState]
  const text = JSON.stringify([principalKey(principal), method, canonical(own)])
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Keys sorted: a client may write its params in another order the second time. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return ['[', ...value.map(canonical)]
  if (!isObject(value)) return value
  const keys = Object.keys(value).toSorted()
  return ['{', ...keys.map(key => [key, canonical(value[key])])]
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
