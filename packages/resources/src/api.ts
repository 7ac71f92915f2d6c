/** The door of @oarlock/resources/api: HTTP APIs as resources. */

export type { ApiOptions } from './api/options.ts'
export { api, ApiProvider } from './api/provider.ts'
export type { ApiPath } from './api/route.ts'
export type { ResolveName } from './api/screening.ts'
