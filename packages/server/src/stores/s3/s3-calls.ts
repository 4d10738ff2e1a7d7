/**
 * Calls to one bucket. Each is signed in its `Authorization` header and not in its query: a URL ends up in logs of proxies, where a signed one
 * is good for whoever reads it, and headers bind what is stored with an object as well.
 */
import { createHash, hash } from 'node:crypto'
import { createS3AsyncSigner } from '@hallpass/signing/s3'
import type { S3AsyncSigner } from '@hallpass/signing/s3'
import { createCaller } from '../send/caller.ts'
import type { Call, Calls, StoreParts } from '../send/caller.ts'
import type { CallBody } from '../send/sending-body.ts'
import { NO_BODY } from '../send/sending-body.ts'
import { codeOfError } from '../send/xml-answer.ts'
import type { CredentialSource } from './s3-credentials.ts'
import { faultOf, RETRIED_CODES } from './s3-faults.ts'
import { nameS3Location } from './s3-location.ts'
import type { S3Location } from './s3-location.ts'

export interface S3StoreOptions extends StoreParts {
  readonly location: S3Location
  readonly credentials: CredentialSource
}

export interface S3Call extends Call {
  /** Below the prefix; `null`: the bucket itself. */
  readonly key: string | null
  /** As a stranger would ask. */
  readonly isUnsigned?: boolean
}

export interface S3Calls extends Calls<S3Call> {
  readonly location: S3Location
  readonly signer: S3AsyncSigner
}

/** A page of a thousand long keys. */
const TEXT_BYTES = 8 * 1024 * 1024

export function createS3Calls(options: S3StoreOptions): S3Calls {
  const { location, credentials, clock } = options
  const { bucket, prefix, region, endpoint, addressing, checksums } = location
  const name = nameS3Location(location)
  const signer = createS3AsyncSigner({
    region,
    endpoint: endpoint ?? undefined,
    addressing: addressing ?? undefined,
    credentials: () => credentials.current(),
    now: () => new Date(clock.now()),
  })
  const caller = createCaller(options, {
    store: name,
    codeOf(text) {
      const code = codeOfError(text)
      if (code === 'ExpiredToken') credentials.renew()
      return code
    },
    retried: RETRIED_CODES,
    textBytes: TEXT_BYTES,
  })
  return {
    name,
    location,
    signer,
    ask(call) {
      const { method, key, query = {}, headers = {}, body = NO_BODY } = call
      const covered = coverBody(body, checksums)
      return caller.send(call, async () => {
        const request = await signer.signHeaders({
          method,
          bucket,
          key: key === null ? null : prefix + key,
          query,
          headers: { ...headers, ...covered.headers },
          payloadHash: covered.payloadHash,
        })
        return call.isUnsigned === true ? { url: request.url, method, headers } : request
      })
    },
    faultOf: (answer) => faultOf(name, answer, clock.now()),
    close: () => caller.close(),
  }
}

interface Covered {
  readonly payloadHash: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the store compares the bytes with that arrive. Those of a stream are not known before they are sent. */
function coverBody(body: CallBody, checksums: S3Location['checksums']): Covered {
  const bytes = body.kind === 'bytes' ? body.bytes : new Uint8Array(0)
  const isUnsigned = body.kind === 'stream' || (body.kind === 'bytes' && checksums !== 'sha256')
  return {
    payloadHash: isUnsigned ? 'UNSIGNED-PAYLOAD' : hash('sha256', bytes, 'hex'),
    headers:
      body.kind === 'bytes' && checksums === 'md5'
        ? { 'content-md5': createHash('md5').update(bytes).digest('base64') }
        : {},
  }
}
