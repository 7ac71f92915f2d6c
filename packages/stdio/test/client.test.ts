/** A client that starts its server: what the process gets, what comes back, and how it ends. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConnectionClosed, encodeRequest, type Incoming, type Link, type Receiver } from '@oarlock/protocol'
import { DEFAULT_ENVIRONMENT, ProcessEnded, stdioConnector, type StdioConnectorOptions } from '@oarlock/stdio/client'

const test = suite('stdio client')

/** Takes what arrives, and lets a test wait for it. */
class Ear implements Receiver {
  readonly heard: Incoming[] = []
  readonly end: Promise<unknown>
  #ended!: (cause: unknown) => void
  #wake: (() => void) | undefined
  over = false

  constructor() {
    this.end = new Promise(resolve => {
      this.#ended = resolve
    })
  }

  receive(message: Incoming): void {
    this.heard.push(message)
    this.#wake?.()
  }

  closed(cause?: unknown): void {
    assert.not(this.over, 'closed is called once')
    this.over = true
    this.#ended(cause)
    this.#wake?.()
  }

  async count(messages: number): Promise<Incoming[]> {
    while (this.heard.length < messages) {
      assert.not(this.over, 'the connection ended early')
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.heard
  }

  /** The params of the next notice. */
  async params(messages: number): Promise<Record<string, unknown>> {
    const message = (await this.count(messages))[messages - 1]
    if (message?.kind !== 'notice') throw new Error(`not a notice but ${JSON.stringify(message)}`)
    return message.params ?? {}
  }
}

/** In programs: `say(params)` sends a notice, `each(line => …)` reads lines. */
const PRELUDE = `
  const say = params => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'said', params }) + '\\n')
  const each = take => { let rest = ''; process.stdin.on('data', text => { const lines = (rest + text).split('\\n'); rest = lines.pop(); lines.forEach(take) }) }
`

const program = (code: string, more: Partial<StdioConnectorOptions> = {}): StdioConnectorOptions => ({
  command: process.execPath,
  args: ['-e', PRELUDE + code],
  stderr: 'pipe',
  ...more,
})

async function open(options: StdioConnectorOptions): Promise<[link: Link, ear: Ear]> {
  const ear = new Ear()
  return [await stdioConnector(options).connect(ear), ear]
}

const refusal = (options: StdioConnectorOptions, signal?: AbortSignal): Promise<unknown> =>
  Promise.resolve(stdioConnector(options).connect(new Ear(), signal)).then(
    () => assert.unreachable('connected'),
    (error: unknown) => error,
  )

const request = (id: number, text: string) => ({ kind: 'request', id, method: 'm', text: encodeRequest(id, 'm', { text }) }) as const

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('C-STD-01: messages are written one to a line, and nothing else is', async () => {
  const [link, ear] = await open(program(`let all = ''; process.stdin.on('data', text => all += text).on('end', () => say({ all }))`))
  void link.send(request(1, 'line\nbreak'))
  void link.send(request(2, '🦀'))
  link.close()
  await ear.end
  assert.equal(ear.heard, [], 'after close nothing is delivered')
  const [second, other] = await open(program(`each(line => say({ line }))`))
  void second.send(request(1, 'line\nbreak'))
  void second.send(request(2, '🦀'))
  assert.is((await other.params(1))['line'], '{"jsonrpc":"2.0","id":1,"method":"m","params":{"text":"line\\nbreak"}}')
  assert.is((await other.params(2))['line'], '{"jsonrpc":"2.0","id":2,"method":"m","params":{"text":"🦀"}}')
  second.close()
  assert.is(await other.end, undefined)
})

test('C-STD-01: a server that reads slowly makes senders wait, and loses nothing', async () => {
  const [link, ear] = await open(
    program(`
    let bytes = 0
    process.stdin.on('data', chunk => { bytes += chunk.length; if (String(chunk).endsWith('end"}}\\n')) say({ bytes }) })
    process.stdin.pause(); say({}); setTimeout(() => process.stdin.resume(), 100)`),
  )
  await ear.count(1)
  const text = 'x'.repeat(100_000)
  let waits = 0
  for (let id = 0; id < 50; id++) {
    const sent = link.send(request(id, text))
    if (sent !== undefined) waits += 1
    await sent
  }
  await link.send(request(50, 'end'))
  assert.ok(waits > 0)
  assert.ok(((await ear.params(2))['bytes'] as number) > 5_000_000)
  link.close()
  await ear.end
})

test('row 18: a server that never reads is given up when too much waits for it', async () => {
  const code = `process.stdin.pause(); say({}); setInterval(() => {}, 1e9)`
  const [link, ear] = await open(program(code, { maxBacklog: 1_000_000, killAfter: 50 }))
  await ear.count(1)
  for (let id = 0; id < 100; id++) void link.send(request(id, 'x'.repeat(100_000)))
  const cause = await ear.end
  assert.ok(ConnectionClosed.is(cause))
  assert.match(cause.message, 'The server does not read: more than 1000000 characters wait for it')
})

test('C-STD-02: standard error is no failure, and each line of it reaches a function', async () => {
  const lines: string[] = []
  const [link, ear] = await open(
    program(`process.stderr.write('one\\ntwo\\r\\nthr'); process.stderr.write('ee', () => say({}))`, { stderr: line => lines.push(line) }),
  )
  await ear.params(1)
  link.close()
  assert.is(await ear.end, undefined)
  assert.equal(lines, ['one', 'two', 'three'])
})

for (const stderr of ['pipe', 'ignore'] as const) {
  test(`C-STD-02: much standard error does not block the server (${stderr})`, async () => {
    const [link, ear] = await open(
      program(`const fs = require('fs'); for (let i = 0; i < 300; i++) fs.writeSync(2, 'x'.repeat(9999) + '\\n'); say({})`, { stderr }),
    )
    await ear.params(1)
    link.close()
    assert.is(await ear.end, undefined)
  })
}

test('C-STD-03: closing closes the input, and a server that then ends is left to it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'oarlock-')), 'ended')
  const [link, ear] = await open(
    program(
      `
    process.on('SIGTERM', () => process.exit(1))
    const last = () => process.stdout.write('x'.repeat(1e6), () => require('fs').writeFileSync(process.env.FILE, 'in order'))
    process.stdin.resume().on('end', () => setTimeout(last, 50)); say({})`,
      { env: { FILE: file } },
    ),
  )
  await ear.params(1)
  link.close()
  link.close()
  assert.is(await ear.end, undefined)
  assert.ok(existsSync(file))
})

test('C-STD-03: a server that ignores the end of its input gets SIGTERM', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'oarlock-')), 'ended')
  const [link, ear] = await open(
    program(
      `process.on('SIGTERM', () => { require('fs').writeFileSync(process.env.FILE, ''); process.exit() }); setInterval(() => {}, 1e6); say({})`,
      {
        killAfter: 50,
        env: { FILE: file },
      },
    ),
  )
  await ear.params(1)
  link.close()
  assert.is(await ear.end, undefined)
  assert.ok(existsSync(file))
})

test('C-STD-03: a server that ignores that too is killed, and so is what it started', async () => {
  const [link, ear] = await open(
    program(
      `
    process.on('SIGTERM', () => say({ ignored: true })); setInterval(() => {}, 1e6)
    const deaf = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6); console.log(1)'])
    deaf.stdout.once('data', () => say({ pids: [process.pid, deaf.pid] }))`,
      { killAfter: 50 },
    ),
  )
  const pids = (await ear.params(1))['pids'] as number[]
  assert.equal(pids.map(lives), [true, true])
  link.close()
  assert.is(await ear.end, undefined)
  while (pids.some(lives)) await new Promise(resolve => void setImmediate(resolve))
})

test('C-STD-03: what a server leaves behind when it ends is ended', async () => {
  const [link, ear] = await open(
    program(`
    const left = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log(1)'], { stdio: ['ignore', 'pipe', 'inherit'] })
    left.stdout.once('data', () => say({ pid: left.pid })); process.stdin.resume().on('end', () => process.exit())`),
  )
  const pid = (await ear.params(1))['pid'] as number
  link.close()
  assert.is(await ear.end, undefined)
  while (lives(pid)) await new Promise(resolve => void setImmediate(resolve))
})

test('C-STD-06: a server that fails ends the connection with its exit code and last words, and the next connection starts another', async () => {
  const connector = stdioConnector(
    program(`console.error('first'); console.error('boom'); each(() => process.exit(3)); say({ pid: process.pid })`),
  )
  const first = new Ear()
  const link = await connector.connect(first)
  const pid = (await first.params(1))['pid']
  void link.send(request(1, 'go'))
  const cause = await first.end
  assert.ok(ProcessEnded.is(cause))
  assert.equal([cause.exitCode, cause.signal, cause.stderr], [3, null, ['first', 'boom']])
  assert.is(cause.message, 'The server process ended with exit code 3: boom')
  void link.send(request(2, 'dropped'))
  link.close()
  const second = new Ear()
  const again = await connector.connect(second)
  assert.is.not((await second.params(1))['pid'], pid)
  again.close()
  await second.end
})

test('the message of a server that ended quotes the line that tells why, not the frames of a stack', async () => {
  const [, ear] = await open(program(`throw new TypeError('no database here')`))
  const cause = await ear.end
  assert.ok(ProcessEnded.is(cause))
  assert.is(cause.message, 'The server process ended with exit code 1: TypeError: no database here')
  assert.match(cause.stderr.join('\n'), /\n {4}at /)
})

test('C-STD-06: a server that a signal ended says which', async () => {
  const [, ear] = await open(program(`process.kill(process.pid, 'SIGKILL')`))
  const cause = await ear.end
  assert.ok(ProcessEnded.is(cause))
  assert.equal([cause.exitCode, cause.signal, cause.message], [null, 'SIGKILL', 'The server process was ended by SIGKILL'])
})

test('a server that closes its output and stays is ended, and said to have done so', async () => {
  const [, ear] = await open(program(`require('fs').closeSync(1); setInterval(() => {}, 1e6)`, { killAfter: '20ms' }))
  assert.match(String(await ear.end), 'closed one of its streams and was ended')
})

test('T28: control characters in the last words do not reach the message', async () => {
  const [, ear] = await open(program(`console.error('\\u001b[31mred\\u001b[0m \\u0007 bell\\u0000'); process.exitCode = 1`))
  const { message } = (await ear.end) as ProcessEnded
  assert.match(message, /exit code 1: red {3}bell$/)
})

test('C-STD-07: the process sees a few harmless variables and those that were named', async () => {
  process.env['OARLOCK_SECRET'] = 'hidden'
  const [link, ear] = await open(program(`say({ env: process.env })`, { env: { NAMED: 'yes', HOME: undefined } }))
  const { env } = (await ear.params(1)) as { env: Record<string, string> }
  delete process.env['OARLOCK_SECRET']
  assert.is(env['NAMED'], 'yes')
  assert.is(env['PATH'], process.env['PATH'])
  assert.equal(
    Object.keys(env).filter(name => name !== 'NAMED' && !DEFAULT_ENVIRONMENT.includes(name)),
    [],
  )
  assert.not('HOME' in env)
  link.close()
  await ear.end
})

test('C-STD-08, T18: the command is run without a shell, so its arguments mean nothing to one', async () => {
  const args = ['$(echo x)', '; exit 1', '`id`', '*', '"quoted"', '']
  const options = program(`say({ args: process.argv.slice(1) })`)
  const [link, ear] = await open({ ...options, args: [...(options.args ?? []), ...args] })
  assert.equal((await ear.params(1))['args'], args)
  link.close()
  await ear.end
})

test('C-STD-08: a command that cannot be started is refused in words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const script = join(folder, 'script')
  writeFileSync(script, '', { mode: 0o600 })
  const text = async (options: StdioConnectorOptions) => ((await refusal(options)) as Error).message
  assert.is(
    await text({ command: 'no-such-program-here', args: ['a b'] }),
    'Cannot start no-such-program-here "a b": no-such-program-here was not found in PATH',
  )
  assert.is(await text({ command: './not/here' }), 'Cannot start ./not/here: ./not/here does not exist')
  assert.is(await text({ command: script }), `Cannot start ${script}: ${script} may not be executed`)
  assert.is(await text({ command: 'node', cwd: '/no/such/folder' }), 'Cannot start node: the folder /no/such/folder does not exist')
  assert.match(await text({ command: 'a\0b' }), 'Cannot start "a\\u0000b"')
  assert.is(((await refusal({ command: './not/here' })) as NodeJS.ErrnoException).code, 'ENOENT')
})

test('an aborted signal refuses to start, and ends what is starting', async () => {
  const options = program(`setInterval(() => {}, 1e6)`)
  assert.is(await refusal(options, AbortSignal.abort('before')), 'before')
  const controller = new AbortController()
  const refused = refusal(options, controller.signal)
  controller.abort('while')
  assert.is(await refused, 'while')
})

test('C-STD-11: noise on standard output is reported in quotes and does not disturb the messages', async () => {
  const [link, ear] = await open(
    program(`
    console.log('Server \\u001b[1mready'); console.log('42'); process.stdout.write('\\ufeff'); say({ n: 1 }); process.stdout.write('\\r\\n\\r\\n')
    process.stdout.write('{"jsonrpc":"2.0","method":"said","params":{"n":2}}\\r\\n{"jsonrpc":"2.0","method":"said","params":{"n":3}}')`),
  )
  const cause = await ear.end
  assert.ok(ProcessEnded.is(cause) && cause.exitCode === 0)
  link.close()
  const texts = ear.heard.map(message =>
    message.kind === 'invalid' ? message.fault.message : message.kind === 'notice' ? message.params?.['n'] : '?',
  )
  assert.equal(texts, ['The message is not valid JSON: "Server \\u001b[1mready"', 'A message must be a JSON object: "42"', 1, 2, 3])
})

test('T24: a line over the limit is reported and thrown away', async () => {
  const [link, ear] = await open(program(`process.stdout.write('x'.repeat(3_000_000) + '\\n'); say({})`, { maxMessageBytes: 100_000 }))
  const [first] = await ear.count(2)
  assert.match(first?.kind === 'invalid' ? first.fault.message : '', '3000000 bytes is too large')
  link.close()
  await ear.end
})

test('the target names the command without its secrets', () => {
  const target = (...args: string[]) => stdioConnector({ command: 'npx', args }).target
  assert.is(target('-y', '@scope/server', 'a b'), 'npx -y @scope/server "a b"')
  assert.is(
    target('--api-key', 'abc', '--token=abc', 'SECRET=abc', '--verbose', 'x'),
    'npx --api-key *** --token=*** SECRET=*** --verbose x',
  )
  assert.is(target('postgres://ada:pw@db/x'), 'npx postgres://***@db/x')
  assert.is(target('x'.repeat(500))?.length, 201)
})

test.run()
