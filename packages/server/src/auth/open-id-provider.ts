/** What is asked of a provider of OpenID Connect, in its own words; its answers are checked by oauth4webapi. */
import * as oauth from 'oauth4webapi'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import { fetchSmall } from '../http/fetch-small.ts'

export interface ProviderOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly scope: string
}

export interface Redeemed {
  readonly idToken: oauth.IDToken
  readonly accessToken: string
}

/** All of it rejects with `sign-in-unavailable` where nobody answers, and with errors of the library where an answer does not hold. */
export interface Provider {
  authorizationUrl(parameters: Readonly<Record<string, string>>): Promise<string>
  /** `url` is the whole address that the browser was sent back to. */
  redeem(url: URL, expected: Expected): Promise<Redeemed>
  readUserInfo(accessToken: string, subject: string): Promise<oauth.UserInfoResponse>
  /** Where a browser signs out of the provider [OIDC-RPINIT 2]; `null` where it has no such address. */
  signOutUrl(backTo: string): Promise<string | null>
}

export interface Expected {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
}

const TIMEOUT_MS = 10_000
/** The provider is asked once in this time what its addresses are. */
const METADATA_MS = 3_600_000
/** How far the clocks of both may be apart. */
const SKEW_SECONDS = 30

type Asking = oauth.HttpRequestOptions<'GET' | 'POST', URLSearchParams | undefined>

export function createProvider(
  { clock, log }: Pick<CoreContext, 'clock' | 'log'>,
  { issuer, clientId, clientSecret, scope }: ProviderOptions,
): Provider {
  const client: oauth.Client = { client_id: clientId, [oauth.clockTolerance]: SKEW_SECONDS }
  const asking = askingOf(log, issuer)
  let known: { readonly server: oauth.AuthorizationServer; readonly readAt: number } | null = null

  async function findServer(): Promise<oauth.AuthorizationServer> {
    const now = clock.now()
    if (known !== null && now - known.readAt < METADATA_MS) return known.server
    const url = new URL(issuer)
    const answer = await oauth.discoveryRequest(url, asking)
    if (answer.status >= 500) throw refusal('sign-in-unavailable', {})
    const server = await oauth.processDiscoveryResponse(url, answer)
    known = { server, readAt: now }
    return server
  }

  return {
    async authorizationUrl(parameters) {
      const { authorization_endpoint: endpoint } = await findServer()
      if (endpoint === undefined) throw new Error('The provider has no authorization endpoint.')
      const url = new URL(endpoint)
      const all = { client_id: clientId, response_type: 'code', scope, ...parameters }
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
      return url.href
    },
    async redeem(url, { state, nonce, verifier, redirectUri }) {
      const server = await findServer()
      const parameters = oauth.validateAuthResponse(server, client, url, state)
      const answer = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authenticationFor(server, clientSecret),
        parameters,
        redirectUri,
        verifier,
        asking,
      )
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      await oauth.validateApplicationLevelSignature(server, answer, asking)
      const idToken = oauth.getValidatedIdTokenClaims(tokens)
      if (idToken === undefined) throw new Error('The provider gave no ID token.')
      return { idToken, accessToken: tokens.access_token }
    },
    async readUserInfo(accessToken, subject) {
      const server = await findServer()
      if (server.userinfo_endpoint === undefined) return { sub: subject }
      const answer = await oauth.userInfoRequest(server, client, accessToken, asking)
      return oauth.processUserInfoResponse(server, client, subject, answer)
    },
    signOutUrl: async (backTo) => signOutUrlOf(await findServer(), clientId, backTo),
  }
}

function signOutUrlOf(
  { end_session_endpoint: endpoint }: oauth.AuthorizationServer,
  clientId: string,
  backTo: string,
): string | null {
  if (endpoint === undefined) return null
  const url = new URL(endpoint)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('post_logout_redirect_uri', backTo)
  return url.href
}

function askingOf(log: CoreContext['log'], issuer: string): Asking {
  return {
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
    // The settings let no other address without TLS in than one of this machine.
    [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
    [oauth.customFetch]: async (url, { method, headers, body, signal }) => {
      try {
        const init = { method, headers, ...(signal !== undefined && { signal }) }
        return await fetchSmall(url, body === undefined ? init : { ...init, body })
      } catch (error) {
        log.warn({ err: error }, 'the provider that signs people in does not answer')
        throw refusal('sign-in-unavailable', {}, error)
      }
    },
  }
}

function authenticationFor(
  { token_endpoint_auth_methods_supported: known }: oauth.AuthorizationServer,
  secret: string | null,
): oauth.ClientAuth {
  if (secret === null) return oauth.None()
  const isBasic = known === undefined || known.includes('client_secret_basic')
  return isBasic ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret)
}
