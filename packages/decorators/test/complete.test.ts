/** Completers, and what happens to those that complete nothing. */
import { Complete, componentsOf, Prompt, prompt, ResourceTemplate, template } from '@oarlock/decorators'
import { InvalidComponent, Server } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const complete = suite('complete')

const Review = Type.Object({ code: Type.String(), language: Type.Optional(Type.String()) })
const Log = Type.Object({ service: Type.String() })

const refused = (work: () => unknown, message: string) =>
  assert.throws(work, (error: unknown) => error instanceof InvalidComponent && (assert.is(error.message, message), true))

complete('a prompt that does not exist stops the offer, and the nearest name is told', () => {
  class Docs {
    @Prompt({ args: Review }) review() {
      return ''
    }
    @Complete({ prompt: 'reviwe', arg: 'language' }) languages() {
      return []
    }
  }
  const server = new Server({ name: 's', version: '1' })
  refused(() => server.offer(new Docs()), "Docs.languages: it completes prompt 'reviwe', which Docs does not have. Did you mean 'review'?")
  assert.equal(server.components, [])
})

complete('an argument that does not exist stops the offer, for prompts and templates alike', () => {
  class Docs {
    @Prompt({ args: Review }) review() {
      return ''
    }
    @Complete({ prompt: 'review', arg: 'langauge' }) languages() {
      return []
    }
  }
  refused(
    () => componentsOf(new Docs()),
    "Docs.languages: it completes 'langauge' of prompt 'review', which has no such argument. Did you mean 'language'?",
  )
  class Logs {
    @ResourceTemplate({ uri: 'logs://{service}', params: Log }) log() {
      return ''
    }
    @Complete({ template: 'log', arg: 'sevrice' }) services() {
      return []
    }
  }
  refused(
    () => componentsOf(new Logs()),
    "Logs.services: it completes 'sevrice' of template 'log', which has no such argument. Did you mean 'service'?",
  )
})

complete('a template is named by its name or its URI, a field counts like a method', () => {
  class Logs {
    one = template({ uri: 'one://{service}', params: Log }, () => '')
    two = template({ uri: 'two://{service}', params: Log, name: 'second' }, () => '')
    ask = prompt({ args: Review }, () => '')
    @Complete({ template: 'one://{service}', arg: 'service' })
    @Complete({ template: 'second', arg: 'service' })
    @Complete({ prompt: 'ask', arg: 'code' })
    services() {
      return ['api']
    }
  }
  const completed = componentsOf(new Logs()).map(component => [
    component.name,
    [...((component as { complete?: Map<string, unknown> }).complete?.keys() ?? [])],
  ])
  assert.equal(completed, [
    ['one', ['service']],
    ['second', ['service']],
    ['ask', ['code']],
  ])
})

complete('two completers of one argument are refused, in options or in methods', () => {
  class Twice {
    @Prompt({ args: Review, complete: { code: () => [] } }) review() {
      return ''
    }
    @Complete({ prompt: 'review', arg: 'code' }) codes() {
      return []
    }
  }
  refused(() => componentsOf(new Twice()), "Twice.codes: 'code' of prompt 'review' has a completer already; keep one")
})

complete('a completer of an argument that no schema names is taken at its word', () => {
  class Bare {
    @Prompt() bare() {
      return ''
    }
    @Complete({ prompt: 'bare', arg: 'anything' }) all() {
      return []
    }
  }
  assert.is(componentsOf(new Bare()).length, 1)
})

complete('a misspelt option is refused where it is written: it would complete nothing', () => {
  assert.throws(() => Complete({ promt: 'review', arg: 'a' } as never), /^'promt' is no option of @Complete\. Did you mean 'prompt'\?$/)
})

complete.run()
