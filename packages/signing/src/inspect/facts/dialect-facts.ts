/**
 * What every dialect tells the tools above it: what a URL says of itself, and what can be wrong with it.
 * A dialect's `decode.ts` and `explain.ts` fill these shapes; the tools read nothing else of a dialect.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { TrialBudget } from '../hypotheses/trial-budget.ts'
import type { ParameterRules } from '../rules/parameter-rules.ts'
import type { ObservedUrl } from './observed-url.ts'

/** Where the signature travels. */
export type SignatureForm = 'url' | 'cookie' | 'form' | 'header'

/** What one signature opens. `unknown`: the URL does not say, the server's configuration decides. */
export type ResourceScope = 'object' | 'prefix' | 'bucket' | 'account' | 'unknown'

/** Something worth knowing about a URL before anybody checks its signature. `code` is a code of docs/explain.md. */
export interface DetectionIssue {
  readonly code: CauseCode
  /** One sentence, without secrets. */
  readonly what: string
}

/** What a signed URL, form, cookie or header says of itself. Nothing here is verified. */
export interface Detection<Name extends string = string> {
  /** The name of the dialect's folder, entry and page. */
  readonly dialect: Name
  /** The kind within the dialect, for people: `SigV4`, `SigV2`, `service SAS`, `custom policy`. */
  readonly scheme: string
  readonly form: SignatureForm
  /** The methods it says it opens; empty where the URL alone does not tell. */
  readonly methods: readonly string[]
  readonly resource: { readonly scope: ResourceScope; readonly text: string }
  /** To whom it is limited; `null` is everybody. */
  readonly audience: {
    readonly ip: string | null
    readonly protocol: 'https' | 'http,https' | null
    readonly principal: string | null
  }
  readonly startsAt: Date | null
  /** `null`: not readable from the URL, or it has no end. */
  readonly expiresAt: Date | null
  /** The public name of the key that signed, where the dialect carries one. */
  readonly keyId: string | null
  /** Names of the headers the signature covers, lower case. */
  readonly signedHeaders: readonly string[]
  /** Names, as spelled in the URL, of the parameters whose values let a stranger in or must not be logged. */
  readonly secrets: readonly string[]
  readonly issues: readonly DetectionIssue[]
}

/** A request somebody made or is about to make, as far as it is known. */
export interface ObservedRequest {
  /** Upper case. `null`: only a URL was given, so every rule about the method stays silent. */
  readonly method: string | null
  readonly url: ObservedUrl
  /** In order, names as sent. Empty and `headersKnown` false: only a URL was given. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly headersKnown: boolean
  /** The body as bytes, `null` where it is not known. */
  readonly body: Uint8Array | null
  /** The client's address, where the caller knows it. */
  readonly clientIp: string | null
}

/** What the provider answered. */
export interface ObservedResponse {
  readonly status: number | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/**
 * A key to try. Which fields a dialect reads: `secret` for HMAC (S3, GCS HMAC, Swift, Akamai in hex, Cloud CDN in base64url,
 * Azure account or delegation key in base64, Bunny, nginx, Edgio, Cloudflare), `publicKey` as PEM for RSA, ECDSA and Ed25519.
 */
export interface ExplainKey<Name extends string = string> {
  /** Only tried for this dialect; absent: tried wherever it could fit. */
  readonly dialect?: Name
  /** Access key id, service account, account name, key-pair id, key name. Absent: tried for every id. */
  readonly id?: string
  readonly secret?: string
  readonly publicKey?: string
  readonly sessionToken?: string
  /** nginx only: the `secure_link_md5` expression, with `secret` for the variable part of it. */
  readonly expression?: string
}

/** Everything a dialect's rules may look at. */
export interface ExplainContext {
  readonly request: ObservedRequest
  readonly response: ObservedResponse | null
  readonly keys: readonly ExplainKey[]
  readonly now: Date
  /** What `decode` found in the request. */
  readonly detection: Detection
  /** Every signature that is computed to compare it with the one sent is taken from it first. */
  readonly budget: TrialBudget
}

/** Values that fill the `{name}` places of a cause's sentences. Never a secret. */
export type CauseFacts = Readonly<Record<string, string | number>>

/** One explanation a rule proposes; the catalogue of causes supplies its sentences. */
export interface Finding {
  readonly code: CauseCode
  /** From 0 to 1: how sure the rule is that this is why the request fails. */
  readonly confidence: number
  readonly facts?: CauseFacts
  /** `answer`: the provider itself said so. `service`: a rule of the service that no verifier here checks. */
  readonly source?: 'answer' | 'service'
  /** What was seen that points there; shown to people, never holds a secret. */
  readonly evidence?: string
}

/** What a dialect's `explain.ts` gives: findings, and whether a key that was given fits the request as it stands. */
export interface DialectExplanation {
  readonly findings: readonly Finding[]
  /** `unchecked`: no key fits the id, or the runtime cannot check synchronously. */
  readonly signature: 'valid' | 'invalid' | 'unchecked'
  /** Signatures computed on the way: the caller removes them from whatever is shown. */
  readonly computed?: readonly string[]
}

/** Reads a request as one dialect would; `null`: not of this dialect. Never throws. */
export type Decoder<Name extends string = string> = (
  request: ObservedRequest,
) => Detection<Name> | null

/** Says what is wrong with a request of its dialect. Never throws on any input. */
export type Explainer = (context: ExplainContext) => DialectExplanation

/** All that the tools know of a dialect. Each has one in its `dialect.ts`. */
export interface Dialect<Name extends string = string> {
  readonly name: Name
  readonly decode: Decoder<Name>
  /** The signature covers every query parameter: one that was appended breaks it. */
  readonly signsQuery: boolean
  /** A signature can be good for some client addresses only. */
  readonly bindsAddress: boolean
  /** A signature in a URL can cover headers. */
  readonly signsHeaders: boolean
  /** The scheme of its detections is a whole name, which needs none of the dialect beside it. */
  readonly isTitled?: boolean
  /** What the parameters of its URLs must be, where a list of names says it. */
  readonly parameters?: ParameterRules
  /** Why the scheme is weak, for people. */
  readonly weakness?: string
}
