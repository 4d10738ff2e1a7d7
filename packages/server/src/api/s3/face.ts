/** What an operation of the S3 face is given, and what it gives back. */
import type { S3Payload } from '@hallpass/signing/s3'
import type { AuthenticateForm } from '../../auth/authenticate-form.ts'
import type { AuthenticateS3, S3Authenticator } from '../../auth/authenticate-s3.ts'
import type { CoreContext } from '../../core/context.ts'
import type { Action } from '../../catalog/records.ts'
import type { Caller } from '../../core/identity.ts'
import type { LinkAnswer } from '../../core/links/link-answers.ts'
import type { ObjectPath } from '../../core/paths.ts'
import type { Permit } from '../../core/policy/permit.ts'
import type { BufferPool } from '../../http/buffer-pool.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import type { HttpLimits } from '../../http/limits.ts'
import { findHeader } from '../../http/raw-headers.ts'
import type { BodySource } from '../../http/read-body.ts'
import type { ByteSource } from '../../http/send-body.ts'
import type { Deadlines } from '../../http/deadlines.ts'

/** What all requests share. */
export interface S3Face {
  readonly core: CoreContext
  readonly authenticate: AuthenticateS3
  readonly wasSigned: S3Authenticator['wasSigned']
  readonly authenticateForm: AuthenticateForm
  readonly limits: HttpLimits
  readonly deadlines: Deadlines
  readonly buffers: BufferPool
}

/** One request: verified, routed, its path decoded once. */
export interface S3Request {
  readonly raw: CapturedRequest
  readonly requestId: string
  /** The bucket is `''` at the service itself, the key at the bucket itself. */
  readonly path: ObjectPath
  readonly caller: Caller
  /** Decoded once. Signed, every one of them; from somebody anonymous, whatever came. */
  readonly query: readonly QueryPair[]
  /** What the signature says of the body. */
  readonly payload: S3Payload
  readonly source: BodySource
  /** Of a form that was read as far as its file; caller and key are what the form says. */
  readonly form?: PostForm
}

/** What selects its operation. */
export interface RoutableRequest extends Pick<S3Request, 'path' | 'query'> {
  readonly raw: Pick<CapturedRequest, 'method' | 'headers'>
}

/** The fields before the file, and the file, which has yet to arrive. */
export interface PostForm {
  /** Names in lower case; the file's name is put in where a value asks for it. */
  readonly fields: ReadonlyMap<string, string>
  /** Keeps to the size that the policy allows: throws as soon as it is more, or at its end if it was less. */
  readonly file: AsyncIterable<Uint8Array>
}

export type QueryPair = readonly [name: string, value: string]

export type S3Body = Uint8Array | { readonly source: ByteSource; readonly length: number } | null

export interface S3Answer {
  readonly status: number
  /** Names and values in turn, as node:http takes them without another look. */
  readonly headers: string[]
  readonly body: S3Body
  /** S3's code, in a refusal. */
  readonly errorCode?: string
  /** Told what becomes of the answer. */
  readonly follower?: Follower
  /** To be called if the system does not take all of it at once: what takes its time can be cut. */
  readonly takesTime?: () => LinkAnswer
}

/** Who has to know how an answer goes. */
export interface Follower {
  /**
   * Where it matters whether all of it arrived: the connection ends with the answer, for the client's own end is the only proof.
   * `null` where it does not.
   */
  readonly answer: LinkAnswer | null
  /** Before the last bytes leave; if it rejects, they do not. `null`: nothing is in their way. */
  readonly beforeLast: () => Promise<void> | null
  /** Once it is through, or broke off. */
  readonly ended: (sent: SentBody) => Promise<void>
}

export interface SentBody {
  /** Handed over to the system, which may have thrown them away. */
  readonly bytes: number
  /** All of them, and, where proof was wanted, they arrived. Taken for granted where memory had them all and nobody wants proof. */
  readonly arrived: boolean
}

/** An operation is handed the right to do what it does: without a permit there is no way into core. */
export type S3Operation<Allowed extends Action> = (
  face: S3Face,
  call: S3Call<Allowed>,
) => Promise<S3Answer>

export interface S3Call<Allowed extends Action> {
  readonly permit: Permit<Allowed>
  readonly request: S3Request
}

/** The first value of a query parameter that the signature covers (or of any, from somebody anonymous). */
export function queryValue(request: Pick<S3Request, 'query'>, name: string): string | null {
  for (const [given, value] of request.query) {
    if (given === name) return value
  }
  return null
}

/** An `x-amz-*` header; signers may move it into the signed query, where it means the same [SIGV4-QUERY]. */
export function amzHeader(request: Omit<RoutableRequest, 'path'>, name: string): string | null {
  return findHeader(request.raw.headers, name) ?? queryValue(request, name)
}
