/**
 * What the corpus consists of: samples that work, faults that break them, cases that `explain` is given.
 */
import type { CauseCode, ExplainKey, ExplainableResponse } from '@hallpass/signing/explain'
import type { Random } from './random.ts'

export type Headers = [name: string, value: string][]

/** A request as a client sends it. */
export interface SentRequest {
  method: string
  url: string
  headers: Headers
  body?: string
  clientIp?: string
}

/** A request signed by an official SDK (or by the documented algorithm where there is none), which works. */
export interface Sample {
  readonly request: SentRequest
  /** The right key. */
  readonly key: ExplainKey
  readonly signedAt: Date
  readonly expiresAt: Date
}

/** Everything `explain` sees of a case. */
export interface CaseInput {
  readonly request: string | SentRequest
  readonly keys?: readonly ExplainKey[]
  readonly response?: ExplainableResponse
  readonly now: Date
}

/** One way of breaking requests. `name` and `code` never reach `explain`. */
export interface Fault {
  readonly code: CauseCode
  /** Which of the documented pains of users it is, if any. */
  readonly pain?: number
  readonly name: string
  readonly count: number
  readonly make: (random: Random, index: number) => Promise<CaseInput> | CaseInput
}

/** A fault's name, with the number of the documented pain it is, if any. */
export type FaultName = string | readonly [name: string, pain: number]

/** The two fields of a fault that its name fills. */
export function namedFault(name: FaultName): Pick<Fault, 'name' | 'pain'> {
  return typeof name === 'string' ? { name } : { name: name[0], pain: name[1] }
}

export interface CorpusCase {
  readonly id: string
  readonly fault: Fault
  readonly input: CaseInput
}

/**
 * The moment around which everything in the corpus happens. It lies ahead, because one of the SDKs refuses to sign
 * anything that ends before the machine's own clock.
 */
export const NOW: Date = new Date('2036-03-14T09:26:53Z')

export function addSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}

/** Changes the URL of a request; the rest stays. */
export function withUrl(request: SentRequest, change: (url: string) => string): SentRequest {
  return { ...request, url: change(request.url) }
}

/** Sets, replaces or (with `null`) removes a header. */
export function withHeader(request: SentRequest, name: string, value: string | null): SentRequest {
  const headers = request.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())
  if (value !== null) headers.push([name, value])
  return { ...request, headers }
}

/** Replaces the host of the URL and, if it was sent, of the `Host` header. */
export function withHost(request: SentRequest, host: string): SentRequest {
  const moved = withUrl(request, (url) => url.replace(/^(https?:\/\/)[^/]+/, `$1${host}`))
  return withHeader(moved, 'Host', host)
}

export function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? ''
}
