/** Questions inside results, and their answers inside the next request: how 2026-07-28 asks (DIGEST 3.9). */

import { mapOf, named, since, type Static, Type } from '../type.ts'
import { ElicitRequestParams, ElicitResult } from './elicitation.ts'
import { resultFields } from './result.ts'
import { ListRootsRequestParams, ListRootsResult } from './roots.ts'
import { CreateMessageRequestParams, CreateMessageResult } from './sampling.ts'

const ElicitRequest = Type.Object({
  method: Type.Literal('elicitation/create'),
  params: named<ElicitRequestParams>(ElicitRequestParams),
})
const CreateMessageRequest = Type.Object({
  method: Type.Literal('sampling/createMessage'),
  params: named<CreateMessageRequestParams>(CreateMessageRequestParams),
})
const ListRootsRequest = Type.Object({
  method: Type.Literal('roots/list'),
  params: Type.Optional(named<ListRootsRequestParams>(ListRootsRequestParams)),
})

export const InputRequest = Type.Union([CreateMessageRequest, ListRootsRequest, ElicitRequest])
/** One question to the client: a request without its envelope. */
export type InputRequest = Static<typeof InputRequest>

export const InputRequests = mapOf(named<InputRequest>(InputRequest))
/** Questions under names that the server chose. */
export type InputRequests = Record<string, InputRequest>

export const InputResponse = Type.Union([
  named<CreateMessageResult>(CreateMessageResult),
  named<ListRootsResult>(ListRootsResult),
  named<ElicitResult>(ElicitResult),
])
/** One answer of the client: a bare result. */
export type InputResponse = CreateMessageResult | ListRootsResult | ElicitResult

export const InputResponses = mapOf(named<InputResponse>(InputResponse))
/** Answers under the names of their questions. */
export type InputResponses = Record<string, InputResponse>

/** Fields of the requests during which a server may ask. */
export const askFields = {
  inputResponses: since('2026-07-28', Type.Optional(named<InputResponses>(InputResponses))),
  requestState: since('2026-07-28', Type.Optional(Type.String())),
}

export const InputRequiredResult = Type.Object({
  ...resultFields,
  inputRequests: Type.Optional(named<InputRequests>(InputRequests)),
  requestState: Type.Optional(Type.String()),
})
/** Stands in for a result that needs answers first. At least one of `inputRequests` and `requestState` is there. */
export interface InputRequiredResult extends Static<typeof InputRequiredResult> {}
