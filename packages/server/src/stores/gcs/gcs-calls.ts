/**
 * Calls to one bucket, over Google's JSON API: it has what the older XML API has not, copies of any size within the store, objects put together of others, and
 * conditions on all of them. Keys of HMAC, which that other API takes, are for its S3 protocol, which the driver of S3 speaks.
 */
import { percentEncode } from '@hallpass/signing/encoding'
import type { Clock } from '../../platform/clock.ts'
import type { Random } from '../../platform/random.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { CallBody } from '../send/sending-body.ts'
import { NO_BODY } from '../send/sending-body.ts'
import { createSender } from '../send/sender.ts'
import type { SendLimits, StoreSample } from '../send/sender.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { GcsCredentials } from './gcs-credentials.ts'
import { codeOfError, faultOf, RETRIED_CODES } from './gcs-faults.ts'
import { nameGcsLocation } from './gcs-location.ts'
import type { GcsLocation } from './gcs-location.ts'

export interface GcsStoreOptions {
  readonly location: GcsLocation
  readonly credentials: GcsCredentials
  readonly limits?: Partial<SendLimits>
  /** Whether a network address may be connected to; `null`: any. */
  readonly mayConnect: ((address: string) => boolean) | null
  readonly onSample: (sample: StoreSample) => void
  readonly clock: Clock
  readonly random: Random
}

export interface GcsCall {
  readonly operation: string
  readonly method: string
  /** Behind the endpoint, encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: CallBody
  readonly signal?: AbortSignal | undefined
  /** Wants the text of the answer. */
  readonly wantsText?: boolean
}

export interface GcsCalls {
  /** For people. */
  readonly name: string
  readonly location: GcsLocation
  readonly credentials: GcsCredentials
  readonly clock: Clock
  readonly random: Random
  /** Any answer but those that a further attempt may change. */
  ask(call: GcsCall): Promise<StoreAnswer>
  /** What a refusal means where nobody expected one. */
  faultOf(answer: StoreAnswer): StoreError
  close(): Promise<void>
}

/** A page of a thousand objects with long keys and much metadata. */
const TEXT_BYTES = 16 * 1024 * 1024

export function createGcsCalls(options: GcsStoreOptions): GcsCalls {
  const { location, credentials, clock, random } = options
  const name = nameGcsLocation(location)
  const sender = createSender({
    store: name,
    ...(options.limits !== undefined && { limits: options.limits }),
    mayConnect: options.mayConnect,
    codeOf(text) {
      const code = codeOfError(text)
      if (code === 'authError') credentials.renew()
      return code
    },
    retried: RETRIED_CODES,
    onSample: options.onSample,
    random,
  })
  return {
    name,
    location,
    credentials,
    clock,
    random,
    ask({ operation, method, path, query = {}, headers = {}, body = NO_BODY, ...call }) {
      const search = Object.entries(query)
        .map(([parameter, value]) => `${parameter}=${percentEncode(value)}`)
        .join('&')
      const url = `${location.endpoint}${path}${search === '' ? '' : `?${search}`}`
      return sender.send({
        operation,
        body,
        signal: call.signal ?? null,
        textBytes: call.wantsText === true ? TEXT_BYTES : null,
        prepare: async () => {
          const authorization = `Bearer ${await credentials.token()}`
          return { method, url, headers: { ...headers, authorization } }
        },
      })
    },
    faultOf: (answer) => faultOf(name, answer),
    close: () => sender.close(),
  }
}

export function pathOfObjects({ bucket }: GcsLocation): string {
  return `/storage/v1/b/${percentEncode(bucket)}/o`
}

/** `key` is below the prefix. */
export function pathOfObject(location: GcsLocation, key: string): string {
  return `${pathOfObjects(location)}/${percentEncode(location.prefix + key)}`
}
