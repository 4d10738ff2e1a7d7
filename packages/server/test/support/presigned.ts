/** Presigned URLs as they arrive: verified by the one door of the object plane, then used through core. */
import { presignS3 } from '@hallpass/signing/s3'
import { createS3Authenticator } from '../../src/auth/authenticate-s3.ts'
import type { LinkMethod } from '../../src/catalog/records.ts'
import type { Caller } from '../../src/core/identity.ts'
import { openFile } from '../../src/core/files/open-file.ts'
import type { OpenedFile, OpenFileRequest } from '../../src/core/files/open-file.ts'
import { writeFile } from '../../src/core/files/write-file.ts'
import type { WriteFileRequest, WrittenFile } from '../../src/core/files/write-file.ts'
import { authorize } from '../../src/core/policy/authorize.ts'
import { streamOf, writeRequest } from './core.ts'
import type { TestCore } from './core.ts'

const signal = new AbortController().signal

export interface Bearer {
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly clientIp?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Whoever sends a request to `url`. */
export async function bearerOf(core: TestCore, url: string, bearer: Bearer = {}): Promise<Caller> {
  const { host, pathname, search } = new URL(url)
  const { caller } = await createS3Authenticator(core).authenticate({
    method: bearer.method ?? 'GET',
    target: pathname + search,
    headers: ['Host', host, ...Object.entries(bearer.headers ?? {}).flat()],
    scheme: 'http',
    clientIp: bearer.clientIp ?? '203.0.113.9',
  })
  return caller
}

/** Reads through a URL, in the bucket of every test. */
export async function openUrl(
  core: TestCore,
  [url, key]: readonly [url: string, key: string],
  bearer: Bearer = {},
  request: Partial<OpenFileRequest> = {},
): Promise<OpenedFile> {
  const caller = await bearerOf(core, url, bearer)
  const permit = await authorize(core, caller, 'read', { bucket: 'acme', key })
  const whole = { range: null, conditions: {}, withBody: bearer.method !== 'HEAD' }
  return openFile(core, permit, { ...whole, ...request }, signal)
}

/** Writes through a URL, in the bucket of every test. */
export async function putUrl(
  core: TestCore,
  [url, key]: readonly [url: string, key: string],
  text: string,
  request: Partial<WriteFileRequest> = {},
): Promise<WrittenFile> {
  const caller = await bearerOf(core, url, { method: 'PUT' })
  const permit = await authorize(core, caller, 'write', { bucket: 'acme', key })
  const stream = { body: streamOf(Buffer.from(text)), signal }
  return writeFile(core, permit, writeRequest(request), stream)
}

/** A URL that the holder of an access key signs without asking anybody. */
export function presignWith(
  core: TestCore,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  link: {
    readonly method: LinkMethod | 'DELETE'
    readonly key: string
    readonly expiresInSeconds?: number
    readonly signedAt?: number
    readonly query?: Readonly<Record<string, string>>
  },
): string {
  const { method, key, expiresInSeconds = 300, signedAt = core.clock.now(), query = {} } = link
  return presignS3({
    method,
    bucket: 'acme',
    key,
    expiresInSeconds,
    query,
    now: new Date(signedAt),
    region: core.region,
    endpoint: core.publicUrl,
    addressing: 'path',
    credentials,
  }).url
}
