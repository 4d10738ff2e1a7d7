/** Who comes with a token in place of a key, as the settings say. */
import { createOpenId } from './auth/open-id.ts'
import { createUserTokenVerifier } from './auth/verify-user-token.ts'
import type { Config } from './config.ts'
import type { CoreContext } from './core/context.ts'
import { AUTHORIZER_TIMEOUT_MS } from './core/limits.ts'
import type { SignIn } from './core/sessions/sign-in.ts'
import { createAskApplication } from './core/users/ask-application.ts'
import type { AskApplication } from './core/users/ask-application.ts'
import type { UserTokens } from './core/users/user-tokens.ts'
import { createTargetCheck } from './core/webhooks/target-addresses.ts'
import { createKeyFetch } from './http/fetch-keys.ts'
import { createPostOut } from './http/post-out.ts'
import { systemClock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'

/** `null` where no settings say whose tokens are taken. */
export function createUserTokens(config: Config, log: Log): UserTokens | null {
  const {
    tokenIssuer: issuer,
    tokenAudience: audiences,
    tokenKeysUrl: keysUrl,
    tokenRules,
  } = config
  if (issuer === null || audiences === null || keysUrl === null) return null
  const clock = systemClock
  const fetchKeys = createKeyFetch(() => clock.now())
  const options = { issuer, audiences, keysUrl, fetchKeys }
  const verify = createUserTokenVerifier({ clock, log }, options)
  return { verify, rules: tokenRules ?? [], ask: createAsk(config, log) }
}

/** `null` where no settings say who signs people in to the console. */
export function createSignIn(
  config: Config,
  core: Pick<CoreContext, 'clock' | 'log' | 'sealer'>,
  publicUrl: () => string,
): SignIn | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcGroups: rules } = config
  if (issuer === null || clientId === null || rules === null) return null
  return createOpenId(
    { ...core, publicUrl },
    {
      issuer,
      clientId,
      clientSecret: config.oidcClientSecret?.reveal() ?? null,
      scope: config.oidcScope,
      groupsClaim: config.oidcGroupsClaim,
      rules,
    },
  )
}

function createAsk(config: Config, log: Log): AskApplication | null {
  const { authorizerUrl: url, authorizerSecret: secret, webhookNetworks } = config
  if (url === null || secret === null) return null
  const mayConnect = createTargetCheck(webhookNetworks ?? [])
  const post = createPostOut({ mayConnect, timeoutMs: AUTHORIZER_TIMEOUT_MS })
  const core = { clock: systemClock, random: systemRandom, log }
  return createAskApplication(core, { url, secret: secret.reveal(), post })
}
