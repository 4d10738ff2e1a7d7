/** Drivers of S3 over a server that this process started: Hallpass itself, which is there on every machine. */
import { randomBytes } from 'node:crypto'
import { startServer } from '../../../../../conformance/lib/start-server.ts'
import type { RunningServer } from '../../../../../conformance/lib/start-server.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createSecret } from '../../../src/platform/secret.ts'
import type { ObjectStore } from '../../../src/stores/object-store.ts'
import { givenCredentials } from '../../../src/stores/s3/s3-credentials.ts'
import { parseS3Location } from '../../../src/stores/s3/s3-location.ts'
import type { SendLimits } from '../../../src/stores/send/sender.ts'
import { createS3ObjectStore } from '../../../src/stores/s3/s3-store.ts'

export interface S3Endpoint {
  readonly origin: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** A store below a prefix of its own. `query`: further parameters of its address. */
export function openS3Store(endpoint: S3Endpoint, query = ''): ObjectStore {
  const prefix = randomBytes(6).toString('hex')
  const { bucket, origin } = endpoint
  return openS3StoreAt(endpoint, `s3://${bucket}/${prefix}?endpoint=${origin}${query}`)
}

/** The store that has this address. */
export function openS3StoreAt(
  { credentials }: Pick<S3Endpoint, 'credentials'>,
  url: string,
  limits: Partial<SendLimits> = {},
): ObjectStore {
  return createS3ObjectStore({
    location: parseS3Location(url),
    limits,
    credentials: givenCredentials({
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: createSecret(credentials.secretAccessKey),
    }),
    mayConnect: null,
    onSample: () => undefined,
    clock: systemClock,
    random: systemRandom,
  })
}

export interface OwnServer extends S3Endpoint {
  readonly server: RunningServer
}

/** A server with a bucket. */
export async function startOwnServer(): Promise<OwnServer> {
  const server = await startServer()
  const { origin, credentials } = server
  const answer = await fetch(`${origin}/v1/buckets/stored`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok) throw new Error(await answer.text())
  return { server, origin, credentials, bucket: 'stored' }
}
