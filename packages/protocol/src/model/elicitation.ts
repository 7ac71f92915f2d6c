/** Elicitation: a server asks the person, by a form or by a page to visit (DIGEST 3.15, S-EL). */

import { changed, mapOf, named, since, span, type Static, Type, until } from '../type.ts'
import { Form } from './form.ts'
import { noticeMeta, requestMeta } from './request.ts'
import { answerMeta } from './result.ts'
import { taskField } from './task.ts'

const askMeta = until('2026-07-28', requestMeta)

export const ElicitRequestFormParams = Type.Object({
  _meta: askMeta,
  mode: since('2025-11-25', Type.Optional(Type.Literal('form'))),
  message: Type.String(),
  requestedSchema: changed('form', named<Form>(Form)),
  task: taskField,
})
/** Asks the person to fill in a form. */
export interface ElicitRequestFormParams extends Static<typeof ElicitRequestFormParams> {}

export const ElicitRequestURLParams = Type.Object({
  _meta: askMeta,
  mode: Type.Literal('url'),
  message: Type.String(),
  url: Type.String(),
  elicitationId: span({ since: '2025-11-25', until: '2026-07-28' }, Type.Optional(Type.String())),
  task: taskField,
})
/** Asks the person to visit a page. `elicitationId` is required by 2025-11-25 and unknown to every other revision. */
export interface ElicitRequestURLParams extends Static<typeof ElicitRequestURLParams> {}

export const ElicitRequestParams = Type.Union([
  since('2025-11-25', named<ElicitRequestURLParams>(ElicitRequestURLParams)),
  named<ElicitRequestFormParams>(ElicitRequestFormParams),
])
/** Asks the person. */
export type ElicitRequestParams = ElicitRequestFormParams | ElicitRequestURLParams

export const ElicitResult = Type.Object({
  _meta: until('2026-07-28', answerMeta),
  action: Type.Enum(['accept', 'decline', 'cancel']),
  content: Type.Optional(mapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean(), since('2025-11-25', Type.Array(Type.String()))]))),
})
/** What the person did, and on `accept` of a form what was filled in. */
export interface ElicitResult extends Static<typeof ElicitResult> {}

export const ElicitationCompleteNotificationParams = Type.Object({ _meta: noticeMeta, elicitationId: Type.String() })
/** Tells that the person is done at the page; only 2025-11-25 knows it. */
export interface ElicitationCompleteNotificationParams extends Static<typeof ElicitationCompleteNotificationParams> {}
