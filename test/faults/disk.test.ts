/**
 * A disk that is full, for all that writes to one: the file of tokens, snapshots of the testing kit, what SQLite keeps beside a file that is read, and the
 * streams that carry the log, the protocol and a command's output. All else is read, or kept in memory.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../chaos/fixture.ts'
import { skip } from '../runner/skip.ts'

const test = suite('full disk')

/** A file system of its own, seen by the program alone and gone with it. */
const SMALL = ['unshare', '-Urm', 'sh', '-c', 'mount -t tmpfs -o size=512k,nr_inodes=1000 tmpfs "$0" && exec "$@"'] as const

/** Runs a part of the fixture on a file system of 512 KiB; resolves when nothing was lost. */
async function onFullDisk(what: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const [command, ...args] = SMALL
  const program = [process.execPath, ...run, fileURLToPath(new URL('fixtures/full-disk.ts', import.meta.url)), folder, what]
  const child = spawn(command, [...args, folder, ...program], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += String(text)))
  const code = await new Promise(resolve => child.once('close', resolve))
  rmSync(folder, { recursive: true })
  assert.is(code, 0, said)
}

test('the file of tokens is whole, without leftovers, and takes what comes when there is room again', () => onFullDisk('store'))

test('a client goes on with the tokens that it could not write, and they are written later', () => onFullDisk('signIn'))

test('a snapshot that cannot be written anew is what it was, and the test is told which', () => onFullDisk('snapshots'))

test('databases are read, or their operator is told which file and why, and both are read when there is room again', () =>
  onFullDisk('readDatabases'))

test('a command whose output cannot be written says so and fails', () => onFullDisk('command'))

test('a server whose log and console cannot be written answers as before, and ends with 0', () => onFullDisk('log'))

test('a server on standard output that cannot be written ends in order', () => onFullDisk('output'))

const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
const [command, ...args] = SMALL
const can = spawnSync(command, [...args, folder, 'true']).status === 0
rmSync(folder, { recursive: true })
if (can) test.run()
else skip('a full disk', 'this process may not mount a file system, not even one of its own')
