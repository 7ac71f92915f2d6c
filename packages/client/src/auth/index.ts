/** The door of @oarlock/client/auth: OAuth for clients over HTTP. No Node in it. */

export type { AuthFetch } from './fetching.ts'
export { AuthorizationFailed, type AuthorizationProblem } from './error.ts'
export { enterpriseManaged, workloadIdentity, type EnterpriseManagedOptions, type WorkloadIdentityOptions } from './grant/assertion.ts'
export { authorizationCode, type AuthorizationCodeOptions, type OpenRedirect, type Redirect } from './grant/authorization-code.ts'
export { clientCredentials } from './grant/client-credentials.ts'
export type { Grant, GrantContext, Granted } from './grant/grant.ts'
export type { AssertionKey, ClientAuthMethod, ClientIdentity } from './identity.ts'
export { OAuth, oauth } from './oauth.ts'
export type { OAuthOptions } from './options.ts'
export type { RegisteredClient, RegistrationOptions } from './registration.ts'
export { memoryTokenStore, type TokenStore } from './store.ts'
