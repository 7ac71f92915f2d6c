/**
 * URI templates. The first line is a template, the second a URI. Whatever they are: a template is compiled or refused with `InvalidTemplate`
 * and a reason; `match` returns nothing or exactly the template's variables, in an object without prototype, no longer than the URI; and
 * what was read can be expanded and is read from there again the same, as far as the template itself does not warn.
 */
import * as assert from 'node:assert/strict'
import {
  compileTemplate,
  expandTemplate,
  InvalidTemplate,
  MAX_URI_LENGTH,
  screen,
  type UriTemplate,
  type UriVariables,
} from '@oarlock/protocol'

export const words = [
  '{a}',
  '{+b}',
  '{/c*}',
  '{?d,e}',
  '{&f*}',
  '{#g}',
  '{;h}',
  '{.i}',
  '%2F',
  '%25',
  '..',
  'x://',
  '{__proto__}',
  '{a,b}',
  '{a:3}',
]

export function fuzz(input: Buffer): void {
  const [text = '', ...rest] = input.toString('utf8').split('\n')
  const template = compiled(text)
  if (template === undefined) return
  for (const uri of [...rest, rest.join('\n'), text]) {
    const variables = template.match(uri)
    if (variables !== undefined) matched(template, uri, variables)
  }
}

function compiled(text: string): UriTemplate | undefined {
  try {
    return compileTemplate(text)
  } catch (error) {
    assert.ok(InvalidTemplate.is(error), error as Error)
    assert.ok(error.message.length < 16_384 + text.length)
    return undefined
  }
}

function matched(template: UriTemplate, uri: string, variables: UriVariables): void {
  const known = Object.getPrototypeOf(variables) as object
  assert.deepEqual([Object.getPrototypeOf(known), Reflect.ownKeys(known)], [null, []])
  const values = Object.entries(variables).flatMap(([name, value]) => {
    assert.ok(template.variables.includes(name), name)
    return value
  })
  assert.ok(values.join('').length <= uri.length)
  for (const value of values) screen(value)
  const made = template.expand(variables)
  assert.equal(expandTemplate(template.text, variables), made)
  if (made.length <= MAX_URI_LENGTH && comesBack(template, values)) assert.deepEqual({ ...template.match(made) }, { ...variables }, made)
}

/** Reserved expansion leaves what looks percent-encoded as it is (RFC 6570, section 3.2.3), and an empty or absent member of a list is none. */
function comesBack({ warnings, text }: UriTemplate, values: readonly string[]): boolean {
  if (warnings.length > 0) return false
  return !/\{[+#]/.test(text) || !values.some(value => /%[\da-f]{2}/i.test(value))
}
