/** Completion of a prompt's or a template's argument while it is typed (DIGEST 2.6). */

import { mapOf, named, since, type Static, Type } from '../type.ts'
import { requestMeta } from './request.ts'
import { resultFields } from './result.ts'

export const PromptReference = Type.Object({
  type: Type.Literal('ref/prompt'),
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
})
/** Names a prompt. */
export interface PromptReference extends Static<typeof PromptReference> {}

export const ResourceTemplateReference = Type.Object({ type: Type.Literal('ref/resource'), uri: Type.String() })
/** Names a resource template, or a resource, by its URI. */
export interface ResourceTemplateReference extends Static<typeof ResourceTemplateReference> {}

export const CompleteRequestParams = Type.Object({
  _meta: requestMeta,
  ref: Type.Union([named<PromptReference>(PromptReference), named<ResourceTemplateReference>(ResourceTemplateReference)]),
  argument: Type.Object({ name: Type.String(), value: Type.String() }),
  context: since('2025-06-18', Type.Optional(Type.Object({ arguments: Type.Optional(mapOf(Type.String())) }))),
})
/** Asks how `argument.value` could go on. `context.arguments` holds the arguments that are filled in already. */
export interface CompleteRequestParams extends Static<typeof CompleteRequestParams> {}

export const CompleteResult = Type.Object({
  ...resultFields,
  completion: Type.Object({
    values: Type.Array(Type.String(), { maxItems: 100 }),
    total: Type.Optional(Type.Integer()),
    hasMore: Type.Optional(Type.Boolean()),
  }),
})
/** At most 100 values, best first; `total` and `hasMore` tell of the rest. */
export interface CompleteResult extends Static<typeof CompleteResult> {}
