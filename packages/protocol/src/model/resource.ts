/** Resources: what can be read by URI, the templates of such URIs, and news of changes (DIGEST 2.7, 3.4). */

import { named, since, type Static, Type } from '../type.ts'
import { askFields } from './ask.ts'
import { annotations, itemMeta, ResourceContents, resourceFields } from './content.ts'
import { icons } from './implementation.ts'
import { noticeMeta, requestMeta } from './request.ts'
import { cacheFields, pageFields, resultFields } from './result.ts'

export const Resource = Type.Object(resourceFields)
/** Something that can be read by its URI. `size` is in bytes. */
export interface Resource extends Static<typeof Resource> {}

export const ResourceTemplate = Type.Object({
  uriTemplate: Type.String(),
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  description: Type.Optional(Type.String()),
  mimeType: Type.Optional(Type.String()),
  icons,
  annotations,
  _meta: itemMeta,
})
/** A family of resources whose URIs follow an RFC 6570 template. */
export interface ResourceTemplate extends Static<typeof ResourceTemplate> {}

export const ListResourcesResult = Type.Object({ ...pageFields, resources: Type.Array(named<Resource>(Resource)) })
/** One page of resources. */
export interface ListResourcesResult extends Static<typeof ListResourcesResult> {}

export const ListResourceTemplatesResult = Type.Object({
  ...pageFields,
  resourceTemplates: Type.Array(named<ResourceTemplate>(ResourceTemplate)),
})
/** One page of resource templates. */
export interface ListResourceTemplatesResult extends Static<typeof ListResourceTemplatesResult> {}

export const ReadResourceRequestParams = Type.Object({ _meta: requestMeta, uri: Type.String(), ...askFields })
/** Reads a resource. */
export interface ReadResourceRequestParams extends Static<typeof ReadResourceRequestParams> {}

export const ReadResourceResult = Type.Object({
  ...resultFields,
  ...cacheFields,
  contents: Type.Array(named<ResourceContents>(ResourceContents)),
})
/** What a resource holds: one entry, or several for a resource made of parts. */
export interface ReadResourceResult extends Static<typeof ReadResourceResult> {}

export const SubscribeRequestParams = Type.Object({ _meta: requestMeta, uri: Type.String() })
/** Begins or ends news about one resource on a session; from 2026-07-28 on see `subscriptions/listen`. */
export interface SubscribeRequestParams extends Static<typeof SubscribeRequestParams> {}

export const ResourceUpdatedNotificationParams = Type.Object({ _meta: noticeMeta, uri: Type.String() })
/** Tells that a resource, or one below it, changed. */
export interface ResourceUpdatedNotificationParams extends Static<typeof ResourceUpdatedNotificationParams> {}
