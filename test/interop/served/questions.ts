/** The tools that ask the client something. */
import { elicit, roots, sample, type Server } from '@oarlock/kernel'
import { Type } from 'oarlock'
import { Key } from './tools.ts'

const Who = Type.Object({ name: Type.String({ title: 'Name' }), age: Type.Optional(Type.Integer({ minimum: 0, default: 30 })) })
const Sure = Type.Object({ sure: Type.Boolean() })
const THOUGHT = { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Say hi' } }], maxTokens: 20 }

const CHOICES = {
  type: 'object',
  properties: {
    size: {
      type: 'string',
      oneOf: [
        { const: 's', title: 'Small' },
        { const: 'l', title: 'Large' },
      ],
    },
    toppings: {
      type: 'array',
      items: {
        anyOf: [
          { const: 'c', title: 'Cheese' },
          { const: 'o', title: 'Olives' },
        ],
      },
    },
    gift: { type: 'boolean', default: true },
  },
  required: ['size', 'toppings'],
}

/** Adds them. `happened` is what the server has seen. */
export function offerQuestions(server: Server, happened: string[]): void {
  offerForms(server)
  offerPages(server, happened)
  server.tool('think', { description: 'Asks the model' }, async (_args, ctx) => said(await ctx.sample('thought', THOUGHT)))
  server.tool('where', { description: 'Asks for roots' }, async (_args, ctx) =>
    (await ctx.roots()).map(({ uri, name }) => `${name ?? 'unnamed'} at ${uri}`).join(', '),
  )
  server.tool('use', { description: 'Lets the model use a tool' }, async (_args, ctx) => {
    const lookup = {
      name: 'lookup',
      description: 'Looks up',
      inputSchema: { type: 'object' as const, properties: { word: { type: 'string' } } },
    }
    const { content, stopReason } = await ctx.sample('use', { ...THOUGHT, tools: [lookup], toolChoice: { mode: 'required' } })
    return JSON.stringify({ content, stopReason })
  })
  server.tool('all', { description: 'Asks three things at once' }, async (_args, ctx) => {
    const { who, thought, where } = await ctx.ask({
      who: elicit({ message: 'Who are you?', schema: Who }),
      thought: sample(THOUGHT),
      where: roots(),
    })
    return `${who.content?.name ?? who.action}; ${said(thought)}; ${where.length} roots`
  })
  server.tool('can', { description: 'What the client can be asked' }, (_args, ctx) =>
    ['elicit', 'elicit.url', 'sample', 'sample.tools', 'roots'].filter(what => ctx.can(what)).join(' '),
  )
}

function offerForms(server: Server): void {
  server.tool('who', { description: 'Asks for a name' }, async (_args, ctx) => {
    const { action, content } = await ctx.elicit('who', { message: 'Who are you?', schema: Who })
    return `${action} ${JSON.stringify(content)}`
  })
  server.tool('choose', { description: 'Asks for choices' }, async (_args, ctx) => {
    const { content } = await ctx.elicit('choice', { message: 'Choose', schema: CHOICES })
    return JSON.stringify(content)
  })
  const charges: string[] = []
  server.tool('order', { description: 'Asks, charges once, asks again', input: Key }, async ({ key }, ctx) => {
    const who = await ctx.elicit('who', { message: 'Who are you?', schema: Who })
    if (who.action !== 'accept') return `not ordered: ${who.action}`
    const receipt = await ctx.once('charge', () => charges.push(key))
    const sure = await ctx.elicit('sure', { message: `Ship it, ${who.content.name}?`, schema: Sure })
    const receipts = charges.flatMap((each, index) => (each === key ? [index + 1] : []))
    return `${who.content.name}: charged ${receipts.length} times, ${receipts.includes(receipt) ? 'right' : 'wrong'} receipt, ${sure.action} ${JSON.stringify(sure.content)}`
  })
}

function offerPages(server: Server, happened: string[]): void {
  server.tool('sign', { description: 'Sends the user to a page', input: Key }, async ({ key }, ctx) => {
    const { action } = await ctx.elicit('sign', {
      message: 'Sign here',
      url: `https://sign.example/${key}?id=${ctx.elicitationId('sign')}`,
    })
    return action
  })
  const Permit = Type.Object({ key: Type.String(), aloud: Type.Optional(Type.Boolean()) })
  server.tool('permit', { description: 'Cannot go on before the user was on a page', input: Permit }, async ({ key, aloud }, ctx) => {
    if (aloud === true) ctx.log.warning('a page is needed')
    if (happened.includes(`permitted ${key}`)) return 'permitted'
    await ctx.requireUrl('permit', { message: 'Permit it', url: `https://permit.example/${key}?id=${ctx.elicitationId('permit')}` })
    return 'asked'
  })
  const Page = Type.Object({ key: Type.String(), id: Type.String() })
  server.tool('page-done', { description: 'What the page tells us when the user is done', input: Page }, ({ key, id }) => {
    happened.push(`permitted ${key}`)
    return server.elicitationComplete(id)
  })
}

function said({ model, content }: { readonly model: string; readonly content: unknown }): string {
  const [block] = Array.isArray(content) ? content : [content]
  return `${model}: ${(block as { readonly text: string }).text}`
}
