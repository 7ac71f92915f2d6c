/** `oarlock call`: what it prints, and how it ends. */
// time limit: 180 s
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { http } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMAND, fixture, oarlock, start } from './command.ts'
import { server } from './fixtures/server.ts'

const test = suite('oarlock call')

/** The URL of a server that this process serves: a call then takes one process and not two. */
let SERVER = ''
test.before(async () => {
  const [listener] = await server.listen(http({ port: 0 }))
  SERVER = listener?.address ?? ''
})
test.after(() => server.close())

test('a file is served and called; the text of the answer is all that is printed', async () => {
  assert.equal(await oarlock('call', fixture('server.ts'), 'echo', 'text=hi ', 'times=2'), { code: 0, out: 'hi hi \n', err: '' })
})

test('arguments may be one JSON object', async () => {
  assert.is((await oarlock('call', SERVER, 'all', '{"a": [1, null]}')).out, '{"a":[1,null]}\n')
})

test('without a tool, the tools are listed with their arguments', async () => {
  const { code, out } = await oarlock('call', SERVER)
  assert.is(code, 0)
  assert.match(out, 'echo text=<string> [times=<integer>]\n    Say it again\n')
  assert.match(out, 'show\n    Show things\n')
})

test('what a terminal cannot show is named; structured content is laid out once', async () => {
  assert.is((await oarlock('call', SERVER, 'show')).out, 'text\n[image: image/png, 3 KiB]\na.txt <file:///a.txt>\n')
  assert.is((await oarlock('call', SERVER, 'point')).out, '{\n  "x": 1\n}\n')
})

test('--json prints the whole result', async () => {
  const { out } = await oarlock('call', SERVER, 'point', '--json')
  assert.equal((JSON.parse(out) as { structuredContent: object }).structuredContent, { x: 1 })
})

test('a tool that fails ends with 1 and its text on standard error', async () => {
  assert.equal(await oarlock('call', SERVER, 'refuse'), { code: 1, out: '', err: 'Not today\n' })
  const { code, out } = await oarlock('call', SERVER, 'refuse', '--json')
  assert.equal([code, (JSON.parse(out) as { isError: boolean }).isError], [1, true])
})

test('mistakes on the command line end with 2 and say what was perhaps meant', async () => {
  const told = async (...args: string[]) => {
    const { code, out, err } = await oarlock('call', ...args)
    assert.equal([code, out], [2, ''], err)
    return err
  }
  assert.is(await told(SERVER, 'ecko'), "There is no tool ecko. Did you mean 'echo'?\n")
  assert.match(await told(SERVER, 'something-else'), 'The server has echo, all, show')
  assert.match(await told(SERVER, 'echo', 'txt=1'), "echo has no argument txt. Did you mean 'text'?")
  assert.match(await told(SERVER, 'echo', 'text=a', 'times=b'), 'times should be an integer, not "b"')
  assert.match(await told(SERVER, '--jsn'), "There is no option --jsn. Did you mean '--json'?")
  assert.match(await told(SERVER, 'echo', '--revision', '2020-01-01'), 'There is no revision 2020-01-01')
  assert.match(await told(fixture('servr.ts')), 'does not exist')
  assert.match(await told(), 'TARGET')
})

test('arguments that the server refuses end with 1 and its reasons', async () => {
  const { code, err } = await oarlock('call', SERVER, 'echo')
  assert.is(code, 1)
  assert.match(err, 'text')
})

test('a command in quotes is started, without a shell, with the whole environment', async () => {
  const line = [process.execPath, ...COMMAND, 'run', fixture('server.ts')].map(word => JSON.stringify(word)).join(' ')
  const { child, ended } = start(['call', line, 'env', 'name=OARLOCK_MARK'], { env: { OARLOCK_MARK: 'seen' } })
  child.stdin?.end()
  assert.equal(await ended, { code: 0, out: 'seen\n', err: '' })
})

test('each revision can be asked for', async () => {
  const { out } = await oarlock('call', SERVER, 'echo', 'text=old', '--revision', '2024-11-05')
  assert.is(out, 'old\n')
})

test('what cannot be reached is told without a stack', async () => {
  const command = await oarlock('call', 'no-such-program --flag')
  assert.equal([command.code, command.err], [1, 'Cannot start no-such-program --flag: no-such-program was not found in PATH\n'])
  const url = await oarlock('call', 'http://127.0.0.1:1/mcp', 'x')
  assert.is(url.code, 1)
  assert.not.match(url.err, /\n {4}at /)
  const broken = await oarlock('call', fixture('throws.ts'), 'x')
  assert.is(broken.code, 1)
  assert.match(broken.err, 'no database here')
})

test('a file that cannot be served is told once, as run tells it', async () => {
  const itself = await oarlock('call', fixture('serves-itself.ts'), 'add')
  assert.equal([itself.code, itself.out], [1, ''])
  assert.is(
    itself.err,
    'serves-itself.ts serves itself: export the server (export default server) and leave listen() out, or run it directly.\n',
  )
  const broken = await oarlock('call', fixture('throws.ts'))
  assert.is(broken.err.split('Error: no database here').length, 2)
})

test('a command that ends at once is told with what it said, once', async () => {
  const { code, err } = await oarlock(
    'call',
    `${JSON.stringify(process.execPath)} -e ${JSON.stringify('console.error(Date()[0] + "o database"); process.exit(3)')}`,
  )
  assert.is(code, 1)
  assert.match(
    err,
    /^\wo database\nThe stdio connection to .* was closed by the other side: The server process ended with exit code 3: \wo database\n$/,
  )
})

test('a host and a port without a scheme get one suggested', async () => {
  const told = async (target: string) => {
    const { code, err } = await oarlock('call', target)
    assert.is(code, 2)
    return err
  }
  assert.is(await told('localhost:3456/mcp'), 'localhost:3456/mcp is no URL. Did you mean http://localhost:3456/mcp?\n')
  assert.is(await told('127.0.0.1:80'), '127.0.0.1:80 is no URL. Did you mean http://127.0.0.1:80/mcp?\n')
})

test('--header is sent to a URL', async () => {
  let seen: string | undefined
  const refusing = createServer((request, response) => {
    seen = request.headers.authorization
    response.writeHead(401).end()
  })
  await new Promise<void>(resolve => refusing.listen(0, '127.0.0.1', resolve))
  const { port } = refusing.address() as AddressInfo
  const { code } = await oarlock('call', `http://127.0.0.1:${port}/mcp`, 'x', '--header', 'Authorization: Bearer abc')
  refusing.closeAllConnections()
  refusing.close()
  assert.is(code, 1)
  assert.is(seen, 'Bearer abc')
})

test('where nobody sits at a terminal, what a server asks is told and declined, with how to answer', async () => {
  assert.equal(await oarlock('call', SERVER, 'order'), {
    code: 0,
    out: 'decline\n',
    err: `The server asks: What shall it be?
Nobody sits at a terminal here, so it was declined. Answer with --answer '{"dish":"soup","count":1}'.
`,
  })
  const { out, err } = await oarlock('call', SERVER, 'sign', '--revision', '2025-11-25')
  assert.is(out, 'decline\n')
  assert.match(err, 'asks you to visit a page: Sign the contract\n  https://sign.example/contract\n')
  assert.match(err, 'Consent with --answer accept.')
})

test('--answer answers: a form, a page, or one after the other', async () => {
  const soup = '{"dish":"soup","count":2}'
  for (const revision of ['2026-07-28', '2025-06-18'])
    assert.equal(await oarlock('call', SERVER, 'order', '--answer', soup, '--revision', revision), { code: 0, out: `${soup}\n`, err: '' })
  assert.is((await oarlock('call', SERVER, 'order', '--answer', `[${soup}]`)).out, `${soup}\n`)
  assert.is((await oarlock('call', SERVER, 'order', '--answer', 'cancel')).out, 'cancel\n')
  const empty = await oarlock('call', SERVER, 'order', '--answer', '[]')
  assert.equal([empty.out, empty.err], ['decline\n', 'There is no answer left for "What shall it be?": declined.\n'])
  const page = await oarlock('call', SERVER, 'sign', '--answer', 'accept')
  assert.is(page.out, 'accept\n')
  assert.match(page.err, 'https://sign.example/contract')
  const form = await oarlock('call', SERVER, 'sign', '--answer', soup)
  assert.equal(
    [form.out, form.err],
    ['decline\n', 'A page is consented to with --answer accept: https://sign.example/contract was declined.\n'],
  )
})

test('pages that have to be visited before a call are named', async () => {
  const { code, err } = await oarlock('call', SERVER, 'bill', '--revision', '2025-11-25')
  assert.is(code, 1)
  assert.match(err, /\nVisit https:\/\/pay\.example\/bill \(Pay first\), then call again\.\n$/)
})

test('an answer that does not fit the form, or is none, is told without a stack', async () => {
  const wrong = await oarlock('call', SERVER, 'order', '--answer', '{"dish":"stew","count":1}')
  assert.is(wrong.code, 1)
  assert.match(wrong.err, 'dish must be one of soup, bread')
  assert.not.match(wrong.err, /\n {4}at /)
  const none = await oarlock('call', SERVER, 'order', '--answer', 'soup')
  assert.equal([none.code, none.out], [2, ''])
  assert.match(none.err, '--answer takes a JSON object for a form, accept, decline or cancel, or a JSON list of these; what is soup?')
})

test('an error that nobody foresaw is told with its place; the stack comes with --verbose', async () => {
  const broken = await oarlock('run', fixture('throws.ts'))
  assert.is(broken.code, 1)
  assert.match(broken.err, /^Error: no database here\n {2}at .*throws\.ts:\d+:\d+\nWith --verbose the whole stack is shown\.\n$/)
  const verbose = await oarlock('run', fixture('throws.ts'), '--verbose')
  assert.match(verbose.err, /Error: no database here\n {4}at .*throws\.ts/)
  assert.match((await oarlock('call', SERVER, 'ecko', '--verbose')).err, /Failure: There is no tool ecko.*\n {4}at /)
})

test('help and version are printed, without colours where nobody sees them', async () => {
  const help = await oarlock('call', '--help')
  assert.is(help.code, 0)
  assert.match(help.out, 'oarlock call [OPTIONS] <TARGET> [TOOL]')
  assert.not.match(help.out, '\u001b')
  assert.match((await oarlock('--version')).out, /^\d+\.\d+\.\d+\n$/)
  assert.is((await oarlock('--help')).code, 0)
  const nothing = await oarlock()
  assert.equal([nothing.code, nothing.out], [2, ''])
  assert.match((await oarlock('cal')).err, "There is no command cal. Did you mean 'call'?")
})

test.run()
