/** The tools that need nothing from the client. */
import { type Server, ToolError } from '@oarlock/kernel'
import { Type } from 'oarlock'

/** What a tool with this argument does concerns only those who know the word: several clients share one server. */
export const Key = Type.Object({ key: Type.String() })

/** Adds them. `happened` is what the server has seen, for tests to ask. */
export function offerTools(server: Server, happened: string[]): void {
  server.tool(
    'happened',
    { description: 'What the server saw', input: Key },
    ({ key }) =>
      happened
        .filter(each => each.endsWith(key))
        .map(each => each.slice(0, -key.length - 1))
        .join(', ') || 'nothing',
  )
  offerAnswers(server)
  offerFailures(server)
  offerWork(server, happened)
  offerChange(server)
}

function offerAnswers(server: Server): void {
  server.tool(
    'greet',
    { title: 'Greet', description: 'Greets', input: Type.Object({ name: Type.String() }), annotations: { readOnlyHint: true } },
    ({ name }) => `Hello, ${name}`,
  )
  server.tool('length', { description: 'Counts', input: Type.Object({ text: Type.String() }) }, ({ text }) => text.length)
  server.tool(
    'add',
    { description: 'Adds', input: Type.Object({ a: Type.Number(), b: Type.Number() }), output: Type.Object({ sum: Type.Number() }) },
    ({ a, b }) => ({ sum: a + b }),
  )
  server.tool(
    'split',
    { description: 'Splits', input: Type.Object({ text: Type.String() }), output: Type.Array(Type.String()) },
    ({ text }) => text.split(' '),
  )
  server.tool(
    'deploy',
    {
      description: 'Deploys',
      input: Type.Object({
        region: Type.String({ 'x-mcp-header': 'Region' }),
        replicas: Type.Optional(Type.Integer({ 'x-mcp-header': 'Replicas' })),
      }),
    },
    ({ region, replicas }) => `deployed ${replicas ?? 1} to ${region}`,
  )
  let tickets = 0
  server.tool('ticket', { description: 'Hands out numbers' }, async () => {
    const mine = ++tickets
    await Promise.resolve()
    return mine
  })
}

function offerFailures(server: Server): void {
  server.tool('fail', { description: 'Fails' }, () => {
    throw new ToolError('the disk is full')
  })
  server.tool('crash', { description: 'Crashes' }, () => {
    throw new Error('cannot read /etc/secret')
  })
  server.tool('lie', { description: 'Breaks its word', output: Type.Object({ sum: Type.Number() }) }, () => ({ sum: 'three' }) as never)
}

function offerWork(server: Server, happened: string[]): void {
  offerProgress(server)
  server.tool(
    'wait',
    { description: 'Works until it is cancelled', input: Type.Object({ key: Type.String(), aloud: Type.Optional(Type.Boolean()) }) },
    ({ key, aloud }, ctx) => {
      if (aloud === true) ctx.log.warning('waiting')
      happened.push(`waiting ${key}`)
      return new Promise(resolve => {
        ctx.signal.addEventListener('abort', () => {
          happened.push(`aborted ${key}`)
          resolve('too late')
        })
      })
    },
  )
  server.tool('log', { description: 'Logs at four levels' }, (_args, ctx) => {
    ctx.log.debug('details')
    ctx.log.info({ disk: 'fine' })
    ctx.log.warning({ disk: 'low' }, 'disk')
    ctx.log.error('disk full')
    return 'logged'
  })
  server.tool('come-back', { description: 'Lets the client go and come back for the answer' }, (_args, ctx) =>
    ctx.release(1) ? 'welcome back' : 'you never left',
  )
}

/** Both wait for a nod before they answer: official clients lose progress that arrives together with the answer. */
function offerProgress(server: Server): void {
  const Count = Type.Object({ key: Type.String(), count: Type.Integer() })
  const nods = new Map<string, () => void>()
  const nod = (key: string): Promise<void> => new Promise(resolve => void nods.set(key, resolve))
  server.tool('steps', { description: 'Yields its progress', input: Count }, async function* ({ key, count }) {
    const nodded = nod(key)
    for (let step = 1; step <= count; step++) yield { progress: step, total: count, message: `step ${step}` }
    await nodded
    return `${count} steps`
  })
  server.tool('halves', { description: 'Tells its progress', input: Count }, async ({ key, count }, ctx) => {
    const nodded = nod(key)
    for (let done = 1; done <= count; done++) void ctx.progress(done / 2, count / 2)
    await nodded
    return `${count} halves`
  })
  server.tool('nod', { description: 'Lets one of the two go on', input: Key }, ({ key }) => nods.get(key)?.())
}

function offerChange(server: Server): void {
  const Name = Type.Object({ name: Type.String() })
  server.tool('grow', { description: 'Adds a tool', input: Name }, ({ name }) => {
    server.tool(name, { description: 'Grown' }, () => `I am ${name}`)
    return 'grown'
  })
  server.tool('touch', { description: 'Tells that a resource changed', input: Type.Object({ uri: Type.String() }) }, ({ uri }) => {
    server.resourceUpdated(uri)
    return 'touched'
  })
}
