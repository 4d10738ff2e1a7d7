/**
 * Signs people in with OpenID Connect: the code flow [OIDC-CORE 3.1] with PKCE, from one provider. What belongs to one sign-in
 * is sealed under its state and kept by the browser that began it: another browser, another state or another hour opens nothing.
 */
import { hash } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import type { CoreContext } from '../core/context.ts'
import { isDomainError, refusal } from '../core/errors.ts'
import { SIGN_IN_MS } from '../core/limits.ts'
import { knownGroups } from '../core/sessions/group-rules.ts'
import type { GroupRule } from '../core/sessions/group-rules.ts'
import type { FinishedSignIn, SignIn } from '../core/sessions/sign-in.ts'
import { personIdOf } from '../core/users/user-id.ts'
import { createProvider } from './open-id-provider.ts'
import type { Provider } from './open-id-provider.ts'
import { groupsIn, nameIn } from './person-claims.ts'

export interface OpenIdOptions {
  /** Letter by letter. */
  readonly issuer: string
  readonly clientId: string
  /** `null`: a public client. */
  readonly clientSecret: string | null
  /** What is asked for, with spaces between. */
  readonly scope: string
  readonly groupsClaim: string
  readonly rules: readonly GroupRule[]
}

type Parts = Pick<CoreContext, 'clock' | 'log' | 'sealer'> & { readonly publicUrl: () => string }

/** Where the provider sends people back to, below the public URL. */
export const CALLBACK_PATH = '/-/console/openid/callback'

/** The same once they have signed out there. */
const SIGNED_OUT_PATH = '/-/console'

/** What one sign-in has to prove on the way back. */
interface Kept {
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
  readonly expiresAt: number
}

export function createOpenId(parts: Parts, options: OpenIdOptions): SignIn {
  const { issuer, rules } = options
  const provider = createProvider(parts, options)
  const seal = parts.sealer.for('sign-in')

  async function begin(): ReturnType<SignIn['begin']> {
    const state = oauth.generateRandomState()
    const kept: Kept = {
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      redirectUri: `${parts.publicUrl()}${CALLBACK_PATH}`,
      expiresAt: parts.clock.now() + SIGN_IN_MS,
    }
    const url = await provider.authorizationUrl({
      state,
      nonce: kept.nonce,
      redirect_uri: kept.redirectUri,
      code_challenge: await oauth.calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: 'S256',
    })
    const sealed = seal.seal(state, JSON.stringify(kept))
    return { url, kept: Buffer.from(sealed).toString('base64url') }
  }

  /** Throws `sign-in-stale`. */
  function open(state: string, sealed: string | null): Kept {
    if (state === '' || sealed === null) throw refusal('sign-in-stale', {})
    let kept: Kept
    try {
      kept = JSON.parse(seal.open(state, Buffer.from(sealed, 'base64url'))) as Kept
    } catch (error) {
      throw refusal('sign-in-stale', {}, error)
    }
    if (parts.clock.now() >= kept.expiresAt) throw refusal('sign-in-stale', {})
    return kept
  }

  return {
    issuer,
    rules,
    begin: () => inOwnWords(parts, begin),
    finish: (target, sealed) =>
      inOwnWords(parts, async () => {
        const url = new URL(target, parts.publicUrl())
        const state = url.searchParams.get('state') ?? ''
        const claims = await readClaims(provider, url, { state, ...open(state, sealed) }, options)
        return toPerson(claims, state, options)
      }),
    signOutUrl: () =>
      inOwnWords(parts, () => provider.signOutUrl(`${parts.publicUrl()}${SIGNED_OUT_PATH}`)),
  }
}

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string }

/** What the provider says of who comes back: in the token first, and what is missing there at its address for that. */
async function readClaims(
  provider: Provider,
  url: URL,
  kept: Kept & { readonly state: string },
  { groupsClaim }: OpenIdOptions,
): Promise<Claims> {
  const { idToken, accessToken } = await provider.redeem(url, kept)
  if (Object.hasOwn(idToken, groupsClaim)) return idToken
  const more = await provider.readUserInfo(accessToken, idToken.sub)
  return { ...more, ...idToken }
}

function toPerson(
  claims: Claims,
  state: string,
  { issuer, rules, groupsClaim }: OpenIdOptions,
): FinishedSignIn {
  const { sub: subject } = claims
  if (personIdOf(subject) === null) throw new Error('The sub of the token is no name.')
  const groups = knownGroups(rules, groupsIn(claims, groupsClaim))
  if (groups.length === 0) throw refusal('sign-in-no-group', {})
  const name = nameIn(claims)
  return { person: { issuer, subject, name, groups }, signInId: hash('sha256', state, 'hex') }
}

/** Whatever the provider or its library says may quote a code or a token: people are told a code of ours, the log the reason. */
async function inOwnWords<Result>(
  { log }: Pick<CoreContext, 'log'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isDomainError(error)) throw error
    log.warn({ reason: reasonOf(error) }, 'the provider did not sign somebody in')
    throw refusal('sign-in-refused', {}, error)
  }
}

function reasonOf(error: unknown): string {
  // A code of RFC 6749, chosen by the provider out of a list; anything else is a stranger's text.
  if (error instanceof oauth.AuthorizationResponseError && /^[a-z_]{1,40}$/.test(error.error)) {
    return error.error
  }
  if (error instanceof oauth.ResponseBodyError && /^[a-z_]{1,40}$/.test(error.error)) {
    return error.error
  }
  return error instanceof Error ? error.message : 'unknown'
}
