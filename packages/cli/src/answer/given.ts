/** Answers that the command line gives beforehand, and the refusal where nobody can be asked. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import type { AnswerHandlers, FormHandler, PageHandler } from 'oarlock/client'
import { Failure, MISUSED } from '../failure.ts'
import { forTerminal } from '../print.ts'
import { Field } from './field.ts'

/** The content of a form, or what is done with a form or page without any. */
type Answer = JsonObject | 'accept' | 'decline' | 'cancel'

const WORDS: ReadonlySet<unknown> = new Set(['accept', 'decline', 'cancel'])

/**
 * Handlers that give the answers of `--answer`: one for every question, or a list with one for each.
 * @throws Failure for what is no answer
 */
export function givenAnswers(text: string): AnswerHandlers {
  const given = answersIn(text)
  const left = [...given.list]
  const next = (): Answer | undefined => (given.isList ? left.shift() : given.list[0])
  const form: FormHandler = params => {
    const answer = next()
    if (answer === undefined) tell(`There is no answer left for "${params.message}": declined.`)
    if (isObject(answer)) return { action: 'accept', content: answer as never }
    return answer === 'accept' ? { action: 'accept', content: {} } : { action: answer ?? 'decline' }
  }
  const url: PageHandler = params => {
    const answer = next()
    if (answer === 'accept') {
      tell(`To go on, visit the page that the server named: ${params.message}\n  ${params.url}`)
      return { action: 'accept' }
    }
    if (answer !== 'decline' && answer !== 'cancel') tell(`A page is consented to with --answer accept: ${params.url} was declined.`)
    return { action: answer === 'cancel' ? 'cancel' : 'decline' }
  }
  return { elicit: { form, url } }
}

/** Handlers that decline, and say what was asked and how to answer it. */
export function declining(): AnswerHandlers {
  const form: FormHandler = ({ message, requestedSchema }) => {
    const fields = Field.of(requestedSchema)
    const wanted = fields.some(({ required }) => required) ? fields.filter(({ required }) => required) : fields
    const example = JSON.stringify(Object.fromEntries(wanted.map(field => [field.name, field.example])))
    tell(`The server asks: ${message}\n${NOBODY} Answer with --answer '${example}'.`)
    return { action: 'decline' }
  }
  const url: PageHandler = ({ message, url: address }) => {
    tell(`The server asks you to visit a page: ${message}\n  ${address}\n${NOBODY} Consent with --answer accept.`)
    return { action: 'decline' }
  }
  return { elicit: { form, url } }
}

const NOBODY = 'Nobody sits at a terminal here, so it was declined.'

function answersIn(text: string): { readonly list: readonly Answer[]; readonly isList: boolean } {
  if (isAnswer(text)) return { list: [text], isList: false }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw wrong(text, cause)
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!list.every(isAnswer)) throw wrong(text)
  return { list, isList: Array.isArray(value) }
}

function isAnswer(value: unknown): value is Answer {
  return isObject(value) || WORDS.has(value)
}

function wrong(text: string, cause?: unknown): Failure {
  return new Failure(
    `--answer takes a JSON object for a form, accept, decline or cancel, or a JSON list of these; what is ${text}?`,
    MISUSED,
    cause,
  )
}

function tell(text: string): void {
  process.stderr.write(`${forTerminal(text)}\n`)
}
