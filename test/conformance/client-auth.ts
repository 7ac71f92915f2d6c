/** How the conformance client is authorised in each scenario; nobody is there to sign in, so the browser is a fetch. */

import {
  authorizationCode,
  clientCredentials,
  enterpriseManaged,
  oauth,
  workloadIdentity,
  type Grant,
  type OAuth,
} from '@oarlock/client/auth'

const CLIENT_METADATA = 'https://conformance-test.local/client-metadata.json'
const CALLBACK = 'http://localhost:3000/callback'

type Context = Readonly<Record<string, unknown>>

/** The authorization for a scenario. */
export function authFor(scenario: string, context: Context): OAuth {
  return oauth({ grant: grantFor(scenario, context) })
}

function grantFor(scenario: string, context: Context): Grant {
  const clientId = String(context['client_id'])
  const clientSecret = String(context['client_secret'])
  switch (scenario) {
    case 'auth/client-credentials-basic':
      return clientCredentials({ clientId, clientSecret })
    case 'auth/client-credentials-jwt': {
      const privateKey = { key: String(context['private_key_pem']), algorithm: String(context['signing_algorithm']) }
      return clientCredentials({ clientId, privateKey })
    }
    case 'auth/wif-jwt-bearer':
      return workloadIdentity({ client: { clientId }, assertion: () => String(context['valid_jwt']) })
    case 'auth/enterprise-managed-authorization':
      return enterpriseManaged({
        client: { clientId, clientSecret },
        provider: {
          issuer: String(context['idp_issuer']),
          tokenEndpoint: String(context['idp_token_endpoint']),
          client: { clientId: String(context['idp_client_id']) },
        },
        subjectToken: () => String(context['idp_id_token']),
      })
    default:
      return authorizationCode({
        redirect: { open: () => ({ url: CALLBACK, visit }) },
        clientName: 'Oarlock conformance',
        clientMetadataUrl: CLIENT_METADATA,
        clients: 'client_id' in context ? [{ clientId, clientSecret }] : [],
      })
  }
}

/** What a person's browser would do: go there, and be sent back. */
async function visit(address: URL): Promise<string> {
  const response = await fetch(address, { redirect: 'manual' })
  await response.body?.cancel()
  const location = response.headers.get('location')
  if (location === null) throw new Error(`The authorization endpoint answered ${response.status}`)
  return location
}
