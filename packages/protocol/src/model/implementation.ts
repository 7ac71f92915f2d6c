/** Who a peer says it is, and the icons shown for it and for what it offers. */

import { named, since, type Static, Type } from '../type.ts'

export const Icon = Type.Object({
  src: Type.String(),
  mimeType: Type.Optional(Type.String()),
  sizes: Type.Optional(Type.Array(Type.String())),
  theme: Type.Optional(Type.Enum(['light', 'dark'])),
})
/** A picture for a user interface: `src` is an https or data URI, each of `sizes` is like `48x48`, or `any`. */
export interface Icon extends Static<typeof Icon> {}

/** The `icons` field, wherever there is one. */
export const icons = since('2025-11-25', Type.Optional(Type.Array(named<Icon>(Icon))))

export const Implementation = Type.Object({
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  version: Type.String(),
  description: since('2025-11-25', Type.Optional(Type.String())),
  websiteUrl: since('2025-11-25', Type.Optional(Type.String())),
  icons,
})
/** Name and version of a client or server. For people and logs; never a ground for behaviour. */
export interface Implementation extends Static<typeof Implementation> {}
