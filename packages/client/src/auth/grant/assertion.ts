/** Grants by a signed statement of somebody else (RFC 7523): of the workload's platform, or of the enterprise's identity provider. */

import { checkOptions, type OptionNames } from '@oarlock/protocol'
import { screened } from '../address.ts'
import { AuthorizationFailed } from '../error.ts'
import type { ClientIdentity } from '../identity.ts'
import type { IssuerMetadata } from '../issuer.ts'
import type { RegisteredClient } from '../registration.ts'
import { TokenEndpoint } from '../token-endpoint.ts'
import { knownAt } from './client-credentials.ts'
import type { Grant, GrantContext } from './grant.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag'

/** Options of `workloadIdentity`. */
export interface WorkloadIdentityOptions {
  readonly client: RegisteredClient
  /** The platform's JWT for this workload, asked for each time: `audience` is the issuer it has to name. */
  readonly assertion: (audience: string) => string | PromiseLike<string>
}

const WORKLOAD_IDENTITY_OPTIONS: OptionNames<WorkloadIdentityOptions> = { client: true, assertion: true }

/** Obtains tokens by the JWT that a platform gives to its workloads (SEP-1933). A refusal is final: nothing else is tried. */
export function workloadIdentity(options: WorkloadIdentityOptions): Grant {
  checkOptions(options, WORKLOAD_IDENTITY_OPTIONS, 'workloadIdentity()')
  const { client, assertion } = options
  return {
    interactive: false,
    clients: [client],
    async obtain(context) {
      const identity = await knownAt(context, [client])
      return byAssertion(context, identity, await assertion(context.endpoint.metadata.issuer))
    },
  }
}

/** Options of `enterpriseManaged`. */
export interface EnterpriseManagedOptions {
  /** The client as the MCP server's authorization server knows it. */
  readonly client: RegisteredClient
  /** The identity provider of the enterprise, and the client as it knows it. */
  readonly provider: {
    readonly issuer: string
    readonly tokenEndpoint: string
    readonly client: ClientIdentity
  }
  /** The ID token, or SAML assertion, of the person who signed in there; asked for each time. */
  readonly subjectToken: () => string | PromiseLike<string>
  /** `urn:ietf:params:oauth:token-type:id_token` when absent. */
  readonly subjectTokenType?: string | undefined
}

const ENTERPRISE_MANAGED_OPTIONS: OptionNames<EnterpriseManagedOptions> = {
  client: true,
  provider: true,
  subjectToken: true,
  subjectTokenType: true,
}

/**
 * Obtains tokens by an enterprise's single sign-on: its identity provider exchanges an ID token for an assertion to the MCP server's
 * authorization server (io.modelcontextprotocol/enterprise-managed-authorization). Nobody is asked.
 */
export function enterpriseManaged(options: EnterpriseManagedOptions): Grant {
  checkOptions(options, ENTERPRISE_MANAGED_OPTIONS, 'enterpriseManaged()')
  return {
    interactive: false,
    clients: [options.client],
    async obtain(context) {
      const identity = await knownAt(context, [options.client])
      return byAssertion(context, identity, await exchanged(options, context))
    },
  }
}

async function exchanged({ provider, subjectToken, subjectTokenType }: EnterpriseManagedOptions, context: GrantContext): Promise<string> {
  const { endpoint, resource, scopes, fetching } = context
  screened(provider.tokenEndpoint, "The identity provider's token endpoint")
  const metadata: IssuerMetadata = { issuer: provider.issuer, token_endpoint: provider.tokenEndpoint }
  const answer = await new TokenEndpoint(metadata, fetching, undefined).request(provider.client, TOKEN_EXCHANGE, {
    requested_token_type: ID_JAG,
    audience: endpoint.metadata.issuer,
    resource,
    subject_token: await subjectToken(),
    subject_token_type: subjectTokenType ?? 'urn:ietf:params:oauth:token-type:id_token',
    scope: scopes.join(' ') || undefined,
  })
  const { issued_token_type: issued } = answer as { readonly issued_token_type?: unknown }
  if (issued !== ID_JAG) throw new AuthorizationFailed('response', 'The identity provider gave another kind of token than an ID-JAG')
  return answer.access_token
}

async function byAssertion(context: GrantContext, identity: ClientIdentity, assertion: string): ReturnType<Grant['obtain']> {
  const { endpoint, resource, scopes } = context
  const answer = await endpoint.request(identity, JWT_BEARER, { assertion, resource, scope: scopes.join(' ') || undefined })
  return { identity, answer, scopes }
}
