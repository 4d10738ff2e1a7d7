/**
 * Calls to one bucket, over Google's JSON API: it has what the older XML API has not, copies of any size within the store, objects put together of others, and
 * conditions on all of them. Keys of HMAC, which that other API takes, are for its S3 protocol, which the driver of S3 speaks.
 */
import { percentEncode } from '@hallpass/signing/encoding'
import type { Clock } from '../../platform/clock.ts'
import type { Random } from '../../platform/random.ts'
import { createCaller, searchOf } from '../send/caller.ts'
import type { Call, Calls, StoreParts } from '../send/caller.ts'
import type { GcsCredentials } from './gcs-credentials.ts'
import { codeOfError, faultOf, RETRIED_CODES } from './gcs-faults.ts'
import { nameGcsLocation } from './gcs-location.ts'
import type { GcsLocation } from './gcs-location.ts'

export interface GcsStoreOptions extends StoreParts {
  readonly location: GcsLocation
  readonly credentials: GcsCredentials
}

export interface GcsCall extends Call {
  /** Behind the endpoint, encoded. */
  readonly path: string
}

export interface GcsCalls extends Calls<GcsCall> {
  readonly location: GcsLocation
  readonly credentials: GcsCredentials
  readonly clock: Clock
  readonly random: Random
}

/** A page of a thousand objects with long keys and much metadata. */
const TEXT_BYTES = 16 * 1024 * 1024

export function createGcsCalls(options: GcsStoreOptions): GcsCalls {
  const { location, credentials, clock, random } = options
  const name = nameGcsLocation(location)
  const caller = createCaller(options, {
    store: name,
    codeOf(text) {
      const code = codeOfError(text)
      if (code === 'authError') credentials.renew()
      return code
    },
    retried: RETRIED_CODES,
    textBytes: TEXT_BYTES,
  })
  return {
    name,
    location,
    credentials,
    clock,
    random,
    ask(call) {
      const { method, path, query, headers } = call
      const url = `${location.endpoint}${path}${searchOf(query)}`
      return caller.send(call, async () => {
        const authorization = `Bearer ${await credentials.token()}`
        return { method, url, headers: { ...headers, authorization } }
      })
    },
    faultOf: (answer) => faultOf(name, answer),
    close: () => caller.close(),
  }
}

export function pathOfObjects({ bucket }: GcsLocation): string {
  return `/storage/v1/b/${percentEncode(bucket)}/o`
}

/** `key` is below the prefix. */
export function pathOfObject(location: GcsLocation, key: string): string {
  return `${pathOfObjects(location)}/${percentEncode(location.prefix + key)}`
}
