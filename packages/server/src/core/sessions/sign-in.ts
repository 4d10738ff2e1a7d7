/** Signing in with OpenID Connect [OIDC-CORE 3.1]: what the console asks of whoever speaks with the provider. */
import type { SessionPerson } from '../../catalog/tables/sessions.ts'
import type { GroupRule } from './group-rules.ts'

export interface BegunSignIn {
  /** Where the browser goes. */
  readonly url: string
  /** What the browser keeps until it comes back: letters, digits, dashes and underscores. */
  readonly kept: string
}

export interface FinishedSignIn {
  readonly person: SessionPerson
  /** Of one sign-in, whoever repeats it. */
  readonly signInId: string
}

export interface SignIn {
  /** Letter by letter. */
  readonly issuer: string
  readonly rules: readonly GroupRule[]
  /** Rejects with `sign-in-unavailable`. */
  begin(): Promise<BegunSignIn>
  /**
   * `target` is what the provider sent the browser back to, `kept` what it kept. Rejects with `sign-in-stale` for what this browser did
   * not begin a moment ago, `sign-in-refused`, `sign-in-no-group`, `sign-in-unavailable`.
   */
  finish(target: string, kept: string | null): Promise<FinishedSignIn>
  /** Where the browser signs out of the provider, too; `null` where it has no page for that. Rejects with `sign-in-unavailable`. */
  signOutUrl(): Promise<string | null>
}
