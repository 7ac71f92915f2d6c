/** The README's programs run as they stand there; only the port is another, because 3000 may be taken. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('README')
const root = fileURLToPath(new URL('../../..', import.meta.url))
const register = join(root, 'test/runner/register.ts')
const place = join(root, '.cache', `readme-${process.pid}`)
const fences = Array.from(readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms), match => match[1] as string)

function program(name: string, fence: string | undefined, port: number): string {
  assert.ok(fence?.includes('3000'), `the README has a program for ${name}`)
  const file = join(place, `${name}.ts`)
  writeFileSync(file, (fence as string).replaceAll('3000', String(port)))
  return file
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const run = (file: string) =>
  spawn(process.execPath, ['-C', '@oarlock/source', '--import', register, file], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })

async function accepts(port: number): Promise<void> {
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (answered) return
  }
}

test('its server serves and its client gets 42', async () => {
  mkdirSync(place, { recursive: true })
  const port = await freePort()
  const server = run(program('server', fences[0], port))
  try {
    await accepts(port)
    const client = run(program('client', fences[1], port))
    let output = ''
    client.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const [code] = await once(client, 'close')
    assert.is(code, 0)
    assert.is(output.trim(), '42')
  } finally {
    server.kill()
    await once(server, 'close')
    rmSync(place, { recursive: true })
  }
})

test('it has no blanks left to fill in', () => {
  assert.not.match(readFileSync(join(root, 'README.md'), 'utf8'), /[A-Z]{3,}_[A-Z]{3,}/)
})

test('its first program has at most 15 lines', () => {
  assert.ok((fences[0] as string).trim().split('\n').length <= 15)
})

test.run()
