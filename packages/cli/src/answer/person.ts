/** Answers of the person at the terminal to what a server asks in the middle of a call. */

import type { ElicitRequestFormParams, ElicitResult } from '@oarlock/protocol'
import { type AnswerHandlers, type AskContext, type FormHandler, type PageHandler, pageWithConsent } from 'oarlock/client'
import { Dialogue, type Terminal } from './dialogue.ts'
import { Field } from './field.ts'

type Open = (url: string) => unknown

/** Handlers that ask. Questions that come together are asked one after the other. @param open shows a page */
export function askingPerson(at: Terminal, open: Open = openBrowser): AnswerHandlers {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
  const form: FormHandler = (params, context) =>
    inTurn(() => Dialogue.with(at, context.signal, dialogue => fillIn(dialogue, params, context)))
  const page: PageHandler = (params, context) => inTurn(async () => consented(at, open)(params, context))
  return { elicit: { form, url: page } }
}

async function fillIn(dialogue: Dialogue, params: ElicitRequestFormParams, context: AskContext): Promise<ElicitResult> {
  dialogue.say(`${nameOf(context)} asks: ${params.message}`)
  const content = new Map<string, unknown>()
  for (const field of Field.of(params.requestedSchema)) {
    for (const line of field.lines) dialogue.say(line)
    const value = await valueFor(field, dialogue)
    if (value === CANCELLED) return { action: 'cancel' }
    if (value !== undefined) content.set(field.name, value)
  }
  const filled = Object.fromEntries(content)
  // What leaves is seen first (C-EL-06). A form may be empty, and then this is the question.
  const isSent = await dialogue.confirm(`Send ${JSON.stringify(filled)}?`, true)
  if (isSent === undefined) return { action: 'cancel' }
  return isSent ? { action: 'accept', content: filled as never } : { action: 'decline' }
}

const CANCELLED = Symbol('cancelled')

async function valueFor(field: Field, dialogue: Dialogue): Promise<unknown> {
  for (;;) {
    const text = await dialogue.ask(field.question)
    if (text === undefined) return CANCELLED
    const read = field.read(text)
    if ('value' in read) return read.value
    dialogue.say(read.problem)
  }
}

/** Nothing is opened without a yes, and the whole address is shown before (T17). */
function consented(at: Terminal, open: Open): PageHandler {
  return pageWithConsent({
    confirm({ url, host, warnings, message, server, signal }) {
      return Dialogue.with(at, signal, async dialogue => {
        dialogue.say(`${nameOf({ server })} asks you to visit a page of ${host}: ${message}\n  ${url}`)
        for (const warning of warnings) dialogue.say(`  Beware: ${warning}.`)
        return (await dialogue.confirm('Open it in the browser?', false)) ?? 'cancel'
      })
    },
    async open(url) {
      try {
        await open(url)
      } catch {
        at.output.write(`There is no browser here. Open the page yourself:\n  ${url}\n`)
      }
    },
  })
}

function nameOf({ server }: Pick<AskContext, 'server'>): string {
  return server?.title ?? server?.name ?? 'The server'
}

async function openBrowser(url: string): Promise<void> {
  const browser = await import('oarlock/client/auth/node')
  return browser.openBrowser(url)
}
