/** The fixtures that ask the client: elicitation, sampling and roots, in both conversations. */

import { elicit, roots, sample, Type, type Server, type ToolContext } from 'oarlock'

const userMessage = (content: string) => ({ role: 'user' as const, content: { type: 'text' as const, text: content } })
const question = (content: string, maxTokens = 100) => ({ messages: [userMessage(content)], maxTokens })
const Name = Type.Object({ name: Type.String({ description: 'Your name' }) })
const CAPITAL = question('What is the capital of France?')

/** Adds them. */
export function addAsking(server: Server): void {
  addPushed(server)
  addForms(server)
  addRounds(server)
  addStates(server)
}

function addPushed(server: Server): void {
  const prompt = Type.Object({ prompt: Type.String() })
  server.tool(
    'test_sampling',
    { description: "Asks the client's model", input: prompt },
    async (args, ctx) => `LLM response: ${textOf(await ctx.sample('sample', question(args.prompt)))}`,
  )
  server.tool('test_missing_capability', { description: 'Needs sampling' }, async (_args, ctx) =>
    textOf(await ctx.sample('sample', CAPITAL)),
  )
  server.tool('test_streaming_elicitation', { description: 'Asks the user' }, async (_args, ctx) =>
    greet(await ctx.elicit('user_name', { message: 'What is your name?', schema: Name })),
  )
}

function addForms(server: Server): void {
  const input = Type.Object({ message: Type.String() })
  const User = Type.Object({ username: Type.String({ description: 'Your user name' }), email: Type.String({ description: 'Your email' }) })
  server.tool('test_elicitation', { description: 'Asks the user for a form', input }, async ({ message }, ctx) => {
    const answer = await ctx.elicit('user', { message, schema: User })
    return `User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`
  })
  const Defaults = Type.Object({
    name: Type.String({ default: 'John Doe' }),
    age: Type.Integer({ default: 30 }),
    score: Type.Number({ default: 95.5 }),
    status: Type.Unsafe<string>({ type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' }),
    verified: Type.Boolean({ default: true }),
  })
  server.tool('test_elicitation_sep1034_defaults', { description: 'A form with defaults' }, (_args, ctx) =>
    completed(ctx, 'Please confirm the defaults', Defaults),
  )
  server.tool('test_elicitation_sep1330_enums', { description: 'A form with every kind of choice' }, (_args, ctx) =>
    completed(ctx, 'Please choose', CHOICES),
  )
}

const TITLED = [
  { const: 'value1', title: 'First Option' },
  { const: 'value2', title: 'Second Option' },
  { const: 'value3', title: 'Third Option' },
]
const CHOICES = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: TITLED },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array', items: { anyOf: TITLED } },
  },
}

async function completed(ctx: ToolContext, message: string, schema: object): Promise<string> {
  const answer = await ctx.elicit('form', { message, schema })
  return `Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`
}

function addRounds(server: Server): void {
  const prefix = 'test_input_required_result'
  server.tool(`${prefix}_elicitation`, { description: 'Asks for a name' }, async (_args, ctx) =>
    greet(await ctx.elicit('user_name', { message: 'What is your name?', schema: Name })),
  )
  server.tool(`${prefix}_sampling`, { description: 'Asks the model' }, async (_args, ctx) =>
    textOf(await ctx.sample('capital_question', CAPITAL)),
  )
  server.tool(
    `${prefix}_list_roots`,
    { description: 'Asks for roots' },
    async (_args, ctx) => `Roots: ${(await ctx.roots('client_roots')).map(({ uri, name }) => name ?? uri).join(', ')}`,
  )
  server.tool(`${prefix}_multiple_inputs`, { description: 'Asks three things at once' }, async (_args, ctx) => {
    const { user_name, greeting, client_roots } = await ctx.ask({
      user_name: elicit({ message: 'What is your name?', schema: Name }),
      greeting: sample(question('Write a greeting')),
      client_roots: roots(),
    })
    return `${greet(user_name)} ${textOf(greeting)} ${client_roots.length} roots`
  })
  server.tool(`${prefix}_multi_round`, { description: 'Asks in two rounds' }, async (_args, ctx) => {
    const first = await ctx.elicit('step1', { message: 'Your name?', schema: Name })
    const second = await ctx.elicit('step2', { message: 'Your favourite colour?', schema: Type.Object({ color: Type.String() }) })
    return `${first.content?.name ?? 'nobody'} likes ${second.content?.color ?? 'nothing'}`
  })
  server.tool(`${prefix}_capabilities`, { description: 'Asks only what the client can answer' }, async (_args, ctx) => {
    if (ctx.can('sample')) return textOf(await ctx.sample('capital_question', CAPITAL))
    if (ctx.can('elicit')) return greet(await ctx.elicit('user_name', { message: 'What is your name?', schema: Name }))
    return 'The client can answer nothing'
  })
  server.prompt(`${prefix}_prompt`, { description: 'Asks before it renders' }, async (_args, ctx) => {
    const answer = await ctx.elicit('user_context', { message: 'What is this about?', schema: Type.Object({ context: Type.String() }) })
    return `Context: ${answer.content?.context ?? 'none'}`
  })
}

function addStates(server: Server): void {
  const Confirm = Type.Object({ ok: Type.Boolean() })
  const confirm = async (_args: unknown, ctx: ToolContext): Promise<string> => {
    const answer = await ctx.elicit('confirm', { message: 'Go on?', schema: Confirm })
    return `state-ok: ${answer.action}`
  }
  server.tool('test_input_required_result_request_state', { description: 'Carries its state through the client' }, confirm)
  server.tool('test_input_required_result_tampered_state', { description: 'Refuses a state that was changed' }, confirm)
}

function greet(answer: { readonly action: string; readonly content?: { readonly name: string } | undefined }): string {
  return answer.action === 'accept' ? `Hello, ${answer.content?.name ?? 'stranger'}!` : `The user chose to ${answer.action}`
}

function textOf(result: { readonly content: unknown }): string {
  const [block] = Array.isArray(result.content) ? result.content : [result.content]
  return (block as { readonly text?: string }).text ?? ''
}
