/**
 * Calls to one bucket. Each is signed in its `Authorization` header and not in its query: a URL ends up in logs of proxies, where a signed one
 * is good for whoever reads it, and headers bind what is stored with an object as well.
 */
import { createHash, hash } from 'node:crypto'
import { createS3AsyncSigner } from '@hallpass/signing/s3'
import type { S3AsyncSigner } from '@hallpass/signing/s3'
import type { Clock } from '../../platform/clock.ts'
import type { Random } from '../../platform/random.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { CallBody } from '../send/sending-body.ts'
import { NO_BODY } from '../send/sending-body.ts'
import { createSender } from '../send/sender.ts'
import type { SendLimits, StoreSample } from '../send/sender.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { codeOfError } from '../send/xml-answer.ts'
import type { CredentialSource } from './s3-credentials.ts'
import { faultOf, RETRIED_CODES } from './s3-faults.ts'
import { nameS3Location } from './s3-location.ts'
import type { S3Location } from './s3-location.ts'

export interface S3StoreOptions {
  readonly location: S3Location
  readonly credentials: CredentialSource
  readonly limits?: Partial<SendLimits>
  /** Whether a network address may be connected to; `null`: any. */
  readonly mayConnect: ((address: string) => boolean) | null
  readonly onSample: (sample: StoreSample) => void
  readonly clock: Clock
  readonly random: Random
}

export interface S3Call {
  readonly operation: string
  readonly method: string
  /** Below the prefix; `null`: the bucket itself. */
  readonly key: string | null
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: CallBody
  readonly signal?: AbortSignal
  /** Wants the text of the answer. */
  readonly wantsText?: boolean
}

export interface S3Calls {
  /** For people. */
  readonly name: string
  readonly location: S3Location
  readonly signer: S3AsyncSigner
  /** Any answer but those that a further attempt may change. */
  ask(call: S3Call): Promise<StoreAnswer>
  /** What a refusal means where nobody expected one. */
  faultOf(answer: StoreAnswer): StoreError
  close(): Promise<void>
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
  const sender = createSender({
    store: name,
    ...(options.limits !== undefined && { limits: options.limits }),
    mayConnect: options.mayConnect,
    codeOf(text) {
      const code = codeOfError(text)
      if (code === 'ExpiredToken') credentials.renew()
      return code
    },
    retried: RETRIED_CODES,
    onSample: options.onSample,
    random: options.random,
  })
  return {
    name,
    location,
    signer,
    ask({ operation, method, key, query = {}, headers = {}, body = NO_BODY, ...call }) {
      const covered = coverBody(body, checksums)
      return sender.send({
        operation,
        body,
        signal: call.signal ?? null,
        textBytes: call.wantsText === true ? TEXT_BYTES : null,
        prepare: () =>
          signer.signHeaders({
            method,
            bucket,
            ...(key !== null && { key: prefix + key }),
            query,
            headers: { ...headers, ...covered.headers },
            payloadHash: covered.payloadHash,
          }),
      })
    },
    faultOf: (answer) => faultOf(name, answer, clock.now()),
    close: () => sender.close(),
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
