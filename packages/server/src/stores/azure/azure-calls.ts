/**
 * Calls to one container. The key of the account signs each in its `Authorization` header, and a bearer token goes there too; a shared access
 * signature has no other place than the query.
 */
import { createHash } from 'node:crypto'
import { percentEncodePath } from '@hallpass/signing/encoding'
import type { Clock } from '../../platform/clock.ts'
import type { Random } from '../../platform/random.ts'
import { createCaller, searchOf } from '../send/caller.ts'
import type { Call, Calls, StoreParts } from '../send/caller.ts'
import type { CallBody } from '../send/sending-body.ts'
import { NO_BODY, sizeOfBody } from '../send/sending-body.ts'
import type { StoreRequest } from '../send/sender.ts'
import { codeOfError } from '../send/xml-answer.ts'
import type { AzureCredentials } from './azure-credentials.ts'
import { faultOf, RETRIED_CODES } from './azure-faults.ts'
import { nameAzureLocation } from './azure-location.ts'
import type { AzureLocation } from './azure-location.ts'
import { signWithAccountKey } from './shared-key.ts'

export interface AzureStoreOptions extends StoreParts {
  readonly location: AzureLocation
  readonly credentials: AzureCredentials
}

export interface AzureCall extends Call {
  /** What is asked: a key below the prefix, the container, or the service of the account. */
  readonly at: { readonly key: string } | 'container' | 'service'
}

export interface AzureCalls extends Calls<AzureCall> {
  readonly location: AzureLocation
  readonly credentials: AzureCredentials
  readonly clock: Clock
  readonly random: Random
}

/** The first that has all that is asked here: lists from a name on. */
export const API_VERSION = '2026-02-06'
/** A page of a thousand long keys. */
const TEXT_BYTES = 8 * 1024 * 1024

export function createAzureCalls(options: AzureStoreOptions): AzureCalls {
  const { location, credentials, clock, random } = options
  const name = nameAzureLocation(location)
  const caller = createCaller(options, {
    store: name,
    codeOf: (text, header) => header('x-ms-error-code') ?? codeOfError(text),
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
      const { body = NO_BODY } = call
      const covered = coverBody(body)
      return caller.send(call, () =>
        prepare(options, { ...call, body, headers: { ...call.headers, ...covered } }),
      )
    },
    faultOf: (answer) => faultOf(name, answer, clock.now()),
    close: () => caller.close(),
  }
}

/** The address of a key, without anything that signs. */
export function urlOfKey({ endpoint, container, prefix }: AzureLocation, key: string): string {
  return `${endpoint}/${container}/${percentEncodePath(prefix + key)}`
}

async function prepare(
  { location, credentials, clock }: AzureStoreOptions,
  call: AzureCall & { readonly body: CallBody },
): Promise<StoreRequest> {
  const { method, query = {} } = call
  const url = urlOf(location, call.at)
  const headers = {
    ...call.headers,
    'x-ms-date': new Date(clock.now()).toUTCString(),
    'x-ms-version': API_VERSION,
  }
  const search = searchOf(query)
  const whole = url + search
  switch (credentials.kind) {
    case 'key': {
      const path = url.slice(new URL(url).origin.length)
      const contentLength = sizeOfBody(call.body)
      const request = { method, path, query, headers, contentLength }
      const authorization = signWithAccountKey(location.account, credentials.key.reveal(), request)
      return { method, url: whole, headers: { ...headers, authorization } }
    }
    case 'entra': {
      const authorization = `Bearer ${await credentials.token()}`
      return { method, url: whole, headers: { ...headers, authorization } }
    }
    case 'sas': {
      const joint = search === '' ? '?' : '&'
      return { method, url: `${whole}${joint}${credentials.token.reveal()}`, headers }
    }
  }
}

function urlOf(location: AzureLocation, at: AzureCall['at']): string {
  if (at === 'service') return `${location.endpoint}/`
  if (at === 'container') return `${location.endpoint}/${location.container}`
  return urlOfKey(location, at.key)
}

/** What the store compares the bytes with that arrive. Those of a stream are not known before they are sent. */
function coverBody(body: CallBody): Readonly<Record<string, string>> {
  if (body.kind !== 'bytes') return {}
  return { 'content-md5': createHash('md5').update(body.bytes).digest('base64') }
}
