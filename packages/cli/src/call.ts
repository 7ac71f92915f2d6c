/** `oarlock call TARGET TOOL …`: calls one tool of any server and prints what it says. */

import { nearest } from '@oarlock/kernel'
import { isRevision, type CallToolResult, type Revision, type Tool, REVISIONS } from '@oarlock/protocol'
import { ProcessEnded } from '@oarlock/stdio/client'
import { type ArgsDef, defineCommand } from 'citty'
import type { AnswerHandlers } from 'oarlock/client'
import { connect, type Client, type CommandTarget, type ConnectOptions, type Progress } from 'oarlock'
import { terminal } from './answer/dialogue.ts'
import { declining, givenAnswers } from './answer/given.ts'
import { ChildWords } from './child-words.ts'
import { FAILED, Failure, MISUSED } from './failure.ts'
import { refuseUnknownFlags, VERBOSE } from './flags.ts'
import { forTerminal, readable, toolList } from './print.ts'
import { targetOf } from './target.ts'
import { argumentsFor } from './values.ts'
import { version } from './version.ts'

const args = {
  target: { type: 'positional', description: 'A URL, a file as for run, or a command in quotes', required: true },
  tool: { type: 'positional', description: 'The tool to call. Without it, the tools are listed', required: false },
  arguments: { type: 'positional', description: 'key=value, key:=JSON, or one JSON object', required: false },
  json: { type: 'boolean', description: 'Print the whole result as JSON' },
  header: { type: 'string', valueHint: '"Name: value"', description: 'A header for HTTP, such as Authorization' },
  answer: {
    type: 'string',
    valueHint: 'JSON',
    description: 'What to answer when the server asks: an object for a form, accept, decline, cancel, or a list of these',
  },
  revision: { type: 'string', description: `Speak this revision: ${REVISIONS.join(', ')}` },
  verbose: VERBOSE,
} as const satisfies ArgsDef

/** The command. Fails when the tool does. */
export const call = defineCommand({
  meta: { name: 'call', description: 'Call a tool of a server, or list its tools' },
  args,
  async run({ args: given }) {
    refuseUnknownFlags(given, args)
    const [, name, ...words] = given._
    const options = await optionsOf(given)
    const client = await open(given.target, options)
    try {
      const tools = await client.tools()
      if (name === undefined) return await show(given.json === true ? JSON.stringify(tools, null, 2) : toolList(tools))
      const tool = find(tools, name)
      const result = await client.callRaw(name, argumentsFor(tool, words), {
        ...(process.stderr.isTTY && { onProgress }),
        // A person takes their time, and ends it with Ctrl-C.
        ...(terminal() !== undefined && { timeout: '1h' }),
      })
      await report(result, given.json === true)
    } finally {
      await client.close()
    }
  },
})

interface Given {
  readonly header?: string | undefined
  readonly answer?: string | undefined
  readonly revision?: string | undefined
}

async function optionsOf({ header, answer, revision }: Given): Promise<ConnectOptions> {
  return {
    name: 'oarlock',
    version: version(),
    revision: revisionOf(revision),
    answers: await answersOf(answer),
    maxTimeout: '1h',
    ...(header !== undefined && { headers: headerOf(header) }),
  }
}

async function answersOf(answer: string | undefined): Promise<AnswerHandlers> {
  if (answer !== undefined) return givenAnswers(answer)
  const at = terminal()
  return at === undefined ? declining() : (await import('./answer/person.ts')).askingPerson(at)
}

async function open(target: string, options: ConnectOptions): Promise<Client> {
  const { to, isFile } = targetOf(target)
  if (to instanceof Object && 'command' in to) return openChild(to, isFile, options)
  return connect(to, options)
}

async function openChild(to: CommandTarget, isFile: boolean, options: ConnectOptions): Promise<Client> {
  const words = new ChildWords()
  try {
    const client = await connect({ ...to, stderr: line => words.add(line) }, options)
    words.release()
    return client
  } catch (error) {
    const said = words.release()
    // It is this command itself that serves the file, and tells as it would tell here.
    throw isFile && said && hasEnded(error) ? new Failure('', FAILED, error) : error
  }
}

function hasEnded(error: unknown): boolean {
  return ProcessEnded.is(error) || (error instanceof Error && hasEnded(error.cause))
}

function headerOf(text: string): Record<string, string> {
  const at = text.indexOf(':')
  if (at < 1) throw new Failure('--header takes "Name: value"', MISUSED)
  return { [text.slice(0, at).trim()]: text.slice(at + 1).trim() }
}

function revisionOf(text: string | undefined): Revision | undefined {
  if (text === undefined || isRevision(text)) return text
  throw new Failure(`There is no revision ${text}. Known are ${REVISIONS.join(', ')}.`, MISUSED)
}

function find(tools: readonly Tool[], name: string): Tool {
  const found = tools.find(tool => tool.name === name)
  if (found !== undefined) return found
  const names = tools.map(tool => tool.name)
  const offered = names.length === 0 ? 'The server has no tools.' : `The server has ${names.join(', ')}.`
  throw new Failure(`There is no tool ${name}.${nearest(name, names) || ` ${offered}`}`, MISUSED)
}

function onProgress({ progress, total, message }: Progress): void {
  const share = total === undefined ? String(progress) : `${progress}/${total}`
  process.stderr.write(`${forTerminal(message === undefined ? share : `${share} ${message}`)}\n`)
}

async function report(result: CallToolResult, json: boolean): Promise<void> {
  if (json) await show(JSON.stringify(result, null, 2))
  if (result.isError === true) throw new Failure(json ? '' : readable(result), FAILED)
  if (!json) await show(readable(result))
}

/** Resolves when it is written. @throws Failure when it cannot be; without a word where nobody reads any more, as behind `head` */
function show(text: string): Promise<void> {
  const { stdout } = process
  return new Promise((resolve, reject) => {
    stdout.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Failure(cause.code === 'EPIPE' ? '' : `The output cannot be written: ${cause.message}`, FAILED, cause))
    })
    stdout.write(`${stdout.isTTY ? forTerminal(text) : text}\n`, cause => cause ?? resolve())
  })
}
