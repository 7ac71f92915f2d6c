/** The door of @oarlock/resources: the base that all sources stand on, for sources of your own. */

export { rules, type Access, type AccessRule, type Who } from './access.ts'
export type { KeepOptions } from './cache.ts'
export { isText, isTextual, typeByContent, typesByName, type TypeByName } from './mime.ts'
export { PART_KEY, type Part } from './parts.ts'
export { ANNOTATIONS_KEY } from './provider/contents.ts'
export { Address, type AddressValues } from './provider/address.ts'
export {
  UNCHANGED,
  type Beginning,
  type CompleteRequest,
  type CompletionValue,
  type ListedResource,
  type ListRequest,
  type Range,
  type ReadRequest,
  type SourceAnswer,
  type SourceContent,
  type SourcePart,
  type SourceTemplate,
  type Suggestions,
  type Variables,
} from './provider/contract.ts'
export { RESOURCE_PROVIDER_OPTIONS, type ResourceProviderOptions } from './provider/options.ts'
export { ResourceProvider } from './provider/provider.ts'
