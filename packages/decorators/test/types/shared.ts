/**
 * What the compiler accepts and refuses, the same in both dialects: this file is part of both projects, `test` (standard) and `test/experimental`.
 * Nothing here runs.
 */
import {
  Complete,
  Deprecated,
  Field,
  Guard,
  inject,
  Prompt,
  prompt,
  Resource,
  ResourceTemplate,
  resource,
  Tags,
  template,
  Tool,
  tool,
  Use,
} from '@oarlock/decorators'
import type { Context, Guard as Rule, In, Middleware, ToolContext } from '@oarlock/kernel'
import type { JsonObject } from '@oarlock/protocol'
import { Type as OldType } from '@sinclair/typebox'
import { type } from 'arktype'
import { expectTypeOf } from 'expect-type'
import { Type } from 'typebox'
import { z } from 'zod'

const Add = Type.Object({ a: Type.Number(), b: Type.Optional(Type.Number()) })
const OldAdd = OldType.Object({ a: OldType.Number() })
const ZodAdd = z.object({ a: z.string().transform(Number) })
const ArkAdd = type({ a: 'number' })

class Sum {
  @Field(Type.Number()) total!: number
  @Field(Type.Optional(Type.String())) label?: string
}

/** Everything that fits. */
export class Accepted {
  @Tool() nothing() {}
  @Tool({}) context(_args: object, ctx: ToolContext) {
    return ctx.correlationId
  }
  @Tool({ input: Add }) exact({ a, b }: In<typeof Add>) {
    return a + (b ?? 0)
  }
  @Tool({ input: Add }) less({ a }: { a: number }) {
    return a
  }
  @Tool({ input: Add }) wider(args: { a: number | string }) {
    return args
  }
  @Tool({ input: Add }) ignored() {}
  @Tool({ input: OldAdd }) old({ a }: { a: number }) {
    return a
  }
  @Tool({ input: ZodAdd }) zod({ a }: { a: number }) {
    return a
  }
  @Tool({ input: ArkAdd }) ark({ a }: { a: number }) {
    return a
  }
  @Tool({ input: Sum, output: Sum }) dto(sum: Sum): Sum {
    return sum
  }
  @Tool({ input: { type: 'object' } }) raw(args: JsonObject) {
    return args
  }
  @Tool({ output: Type.Number() }) sync() {
    return 1
  }
  @Tool({ output: Type.Number() }) async promised() {
    return 1
  }
  @Tool({ output: Type.Number() }) async *progressing() {
    yield { progress: 1 }
    return 1
  }
  @Tool({ output: Type.Object({ a: Type.Number() }) }) structured() {
    return { a: 1 }
  }
  @Tool() protected hidden() {}
  @Tool() private secret() {}
  @Tool({ input: Add }) static shared({ a }: In<typeof Add>) {
    return a
  }
  @Tool() declaredThis(this: Accepted) {
    this.secret()
  }

  @Resource({ uri: 'a://b' }) text() {
    return 'text'
  }
  @Resource({ uri: 'a://b' }) async bytes({ uri }: { uri: string }) {
    return new TextEncoder().encode(uri)
  }
  @ResourceTemplate({ uri: 'a://{b}', params: Type.Object({ b: Type.String() }) }) template({ b, uri }: { b: string; uri: string }) {
    return { b, uri }
  }
  @Prompt({ args: Add }) prompt({ a }: In<typeof Add>) {
    return String(a)
  }
  @Complete({ prompt: 'prompt', arg: 'a' }) sync1(typed: string) {
    return [typed]
  }
  @Complete({ template: 'template', arg: 'b' }) async promised1(typed: string, { ctx }: { ctx: Context }) {
    return { values: [typed, ctx.correlationId], total: 2 }
  }
}

const layer: Middleware = (_call, next) => next()
const rule: Rule = { visible: principal => principal !== undefined }

@Use(layer)
@Guard(rule)
@Tags('a', 'b')
@Deprecated('old')
export class Layered {
  @Use(layer, layer) @Guard(rule, { requires: ['x'] }) @Tags('c') @Deprecated() @Tool() method() {}
}

/** Arguments that do not fit. */
export class WrongArguments {
  // @ts-expect-error a is a number
  @Tool({ input: Add }) type(args: { a: string }) {
    return args
  }
  // @ts-expect-error b may be absent
  @Tool({ input: Add }) optional(args: { a: number; b: number }) {
    return args
  }
  // @ts-expect-error there is no c
  @Tool({ input: Add }) more(args: { a: number; c: number }) {
    return args
  }
  // @ts-expect-error the arguments are one object
  @Tool({ input: Add }) spread(a: number, b: number) {
    return a + b
  }
  // @ts-expect-error there are two parameters
  @Tool({ input: Add }) third(_args: object, _ctx: Context, _more: number) {}
  // @ts-expect-error the second is the context
  @Tool({ input: Add }) second(_args: object, _ctx: number) {}
  // @ts-expect-error a is a number
  @Tool({ input: OldAdd }) old(args: { a: string }) {
    return args
  }
  // @ts-expect-error the transform made a number of it
  @Tool({ input: ZodAdd }) zod(args: { a: string }) {
    return args
  }
  // @ts-expect-error the class has a total
  @Tool({ input: Sum }) dto(args: { total: string }) {
    return args
  }
  // @ts-expect-error variables are as params say
  @ResourceTemplate({ uri: 'a://{b}', params: Type.Object({ b: Type.String() }) }) template(args: { b: number }) {
    return args
  }
  // @ts-expect-error a resource gets its URI only
  @Resource({ uri: 'a://b' }) resource(args: { a: number }) {
    return args
  }
  // @ts-expect-error a is a number
  @Prompt({ args: Add }) prompt(args: { a: string }) {
    return args
  }
  // @ts-expect-error a completer gets what was typed
  @Complete({ prompt: 'prompt', arg: 'a' }) complete(typed: number) {
    return [String(typed)]
  }
}

/** Results that do not fit. */
export class WrongResults {
  // @ts-expect-error a number is promised
  @Tool({ output: Type.Number() }) tool() {
    return 'one'
  }
  // @ts-expect-error a number is promised
  @Tool({ output: Type.Number() }) async promised() {
    return 'one'
  }
  // @ts-expect-error a member is missing
  @Tool({ output: Type.Object({ a: Type.Number() }) }) missing() {
    return {}
  }
  // @ts-expect-error nothing is returned
  @Tool({ output: Sum }) nothing() {}
  // @ts-expect-error nothing to read
  @Resource({ uri: 'a://b' }) resource() {
    return 1
  }
  // @ts-expect-error suggestions are texts
  @Complete({ prompt: 'prompt', arg: 'a' }) complete() {
    return [1]
  }
}

/** Options that do not exist, or have the wrong type. */
export class WrongOptions {
  // @ts-expect-error
  @Tool({ inputs: Add }) tool() {}
  // @ts-expect-error
  @Tool({ input: Add, outputs: Add }) tool2() {}
  // @ts-expect-error
  @Tool({ description: 1 }) tool3() {}
  // @ts-expect-error
  @Tool({ timeout: '30 seconds' }) tool4() {}
  // @ts-expect-error
  @Tool({ annotations: { readOnly: true } }) tool5() {}
  // @ts-expect-error
  @Tool({ uri: 'a://b' }) tool6() {}
  // @ts-expect-error
  @Resource({}) resource() {
    return ''
  }
  // @ts-expect-error
  @Resource({ uri: 'a://b', mime: 'text/plain' }) resource2() {
    return ''
  }
  // @ts-expect-error
  @ResourceTemplate({ uri: 'a://{b}', param: Add }) template() {
    return ''
  }
  // @ts-expect-error
  @Prompt({ arguments: Add }) prompt() {}
  // @ts-expect-error one or the other
  @Complete({ prompt: 'p', template: 't', arg: 'a' }) complete() {
    return []
  }
  // @ts-expect-error
  @Complete({ prompt: 'p' }) complete2() {
    return []
  }
  // @ts-expect-error
  @Use(1) use() {}
  // @ts-expect-error
  @Guard({ visble: () => true }) guard() {}
  // @ts-expect-error
  @Tags(1) tags() {}
}

/** Places where nothing can stand. */
export class WrongPlaces {
  // @ts-expect-error not an accessor
  @Tool() get getter() {
    return 1
  }
  // @ts-expect-error not a field
  @Tool() field = 1
  // @ts-expect-error parentheses are missing
  @Tool bare() {}
  // @ts-expect-error not a field
  @Use(layer) used = 1
}

// @ts-expect-error not a class
@Tool()
export class WrongClass {}

/** Fields whose schema lets through what they cannot hold. */
export class WrongFields {
  // @ts-expect-error
  @Field(Type.String()) text!: number
  // @ts-expect-error
  @Field([Type.String()]) list!: string
  // @ts-expect-error
  @Field(Sum) sum!: string
  // @ts-expect-error
  @Field(Type.Union([Type.String(), Type.Null()])) nullable!: string
  // @ts-expect-error
  @Field(Type.String(), { optinal: true }) option!: string
  // @ts-expect-error
  @Field(Type.String()) method() {}
  @Field(Type.String()) wider!: string | number
  @Field([Sum]) sums!: Sum[]
  @Field({ type: 'string' }) raw!: string
}

/** Class fields. */
export class Fields {
  add = tool({ input: Add, output: Type.Number() }, ({ a, b }) => a + (b ?? 0))
  promised = tool({ input: Add }, async ({ a }) => String(a))
  nothing = tool({}, () => 1)
  config = resource({ uri: 'a://b' }, ({ uri }) => uri)
  log = template({ uri: 'a://{b}', params: Type.Object({ b: Type.String() }) }, ({ b, uri }) => b + uri)
  review = prompt({ args: Add }, ({ a }) => String(a))
  rendered = prompt({ template: 'text' })
  db = inject(Date)
  text = inject<string>('text')
  // @ts-expect-error a number is promised
  wrongResult = tool({ output: Type.Number() }, () => 'one')
  // @ts-expect-error a is a number
  wrongArguments = tool({ input: Add }, (args: { a: string }) => args)
  // @ts-expect-error
  wrongOption = tool({ inputs: Add }, () => 1)
  // @ts-expect-error
  wrongRead = resource({ uri: 'a://b' }, () => 1)
  // @ts-expect-error
  wrongUri = resource({}, () => '')
}

const fields = new Fields()
expectTypeOf(fields.add).parameter(0).toEqualTypeOf<{ a: number; b?: number }>()
expectTypeOf(fields.add).returns.toEqualTypeOf<number>()
expectTypeOf(fields.promised).returns.toEqualTypeOf<Promise<string>>()
expectTypeOf(fields.nothing).returns.toEqualTypeOf<number>()
expectTypeOf(fields.config).returns.toEqualTypeOf<string>()
expectTypeOf(fields.db).toEqualTypeOf<Date>()
expectTypeOf(fields.text).toEqualTypeOf<string>()

// Decorated methods stay what they were.
expectTypeOf(new Accepted().exact).toEqualTypeOf<(args: In<typeof Add>) => number>()
