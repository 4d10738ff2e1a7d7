/** Presigning and verifying a GET of S3. The SDK's `getSignedUrl` is the reference: it is what everybody calls. */
import { hash } from 'node:crypto'
import type { RawRequest } from '@hallpass/signing'
import { createS3Signer, createS3Verifier, presignS3, verifyS3 } from '@hallpass/signing/s3'
import type { Contestant, Operation } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'

const REGION = 'us-east-1'
const BUCKET = 'hallpass-test'
const HOST = `${BUCKET}.s3.${REGION}.amazonaws.com`
const EXPIRES_SECONDS = 300
const CREDENTIALS = {
  accessKeyId: 'AKIAHALLPASSFAKE0001',
  secretAccessKey: 'HallpassFakeSecretKeyForTestVectors00001',
}
// Keys take turns, so that nobody signs or verifies the same request twice in a row.
const KEYS = Array.from({ length: 256 }, (_, index) => `docs/2026/report-${index}.pdf`)

function createTurn(): () => string {
  let next = 0
  return () => {
    next = (next + 1) % KEYS.length
    return KEYS[next] ?? ''
  }
}

export async function prepareS3(): Promise<DialectBench> {
  const skipped: string[] = []
  const others = [
    ...(await sdkContestants(skipped)),
    ...(await minioContestant(skipped)),
    ...(await aws4Contestant(skipped)),
    ...(await aws4fetchContestant(skipped)),
  ]
  const presign: Operation = {
    name: 's3 presign GET',
    reference: others.some(({ name }) => name === GET_SIGNED_URL) ? GET_SIGNED_URL : FLOOR,
    contestants: [ownSigner(), ownPresign(), ...others, floor()],
  }
  const again = others.filter(({ name }) => name === SDK_PRESIGNER)
  const verify: Operation = {
    name: 's3 verify GET',
    reference: FLOOR,
    contestants: [
      ...ownVerify(),
      ...again.map((contestant) => ({ ...contestant, name: 'signing again with the SDK' })),
      floor(),
    ],
  }
  return {
    operations: [presign, verify],
    packages: ['@aws-sdk/client-s3', '@aws-sdk/s3-request-presigner', 'minio', 'aws4', 'aws4fetch'],
    skipped,
  }
}

const GET_SIGNED_URL = '@aws-sdk/s3-request-presigner getSignedUrl'
const SDK_PRESIGNER = '@aws-sdk/s3-request-presigner S3RequestPresigner'
const FLOOR = 'floor: three crypto.hash of these lengths'

/** A server makes one and keeps it. */
function ownSigner(): Contestant {
  const turn = createTurn()
  const signer = createS3Signer({ region: REGION, credentials: CREDENTIALS })
  return {
    name: '@hallpass/signing createS3Signer(…).sign',
    run: () =>
      signer.sign({
        method: 'GET',
        bucket: BUCKET,
        key: turn(),
        expiresInSeconds: EXPIRES_SECONDS,
      }),
  }
}

function ownPresign(): Contestant {
  const turn = createTurn()
  return {
    name: '@hallpass/signing presignS3',
    run: () =>
      presignS3({
        method: 'GET',
        bucket: BUCKET,
        key: turn(),
        region: REGION,
        credentials: CREDENTIALS,
        expiresInSeconds: EXPIRES_SECONDS,
      }),
  }
}

function ownVerify(): Contestant[] {
  const now = new Date()
  const requests = KEYS.map((key, index): RawRequest => {
    const { url } = presignS3({
      method: 'GET',
      bucket: BUCKET,
      key,
      region: REGION,
      credentials: CREDENTIALS,
      expiresInSeconds: EXPIRES_SECONDS,
      // Signed over the last minute, as the requests of a busy server are.
      now: new Date(now.getTime() - index * 250),
    })
    // Through bytes, as from a socket: one flat piece of text.
    const target = Buffer.from(url.slice(`https://${HOST}`.length)).toString('latin1')
    return {
      method: 'GET',
      target,
      headers: ['Host', HOST, 'User-Agent', 'curl/8.5.0', 'Accept', '*/*'],
    }
  })
  const keys = new Map([[CREDENTIALS.accessKeyId, CREDENTIALS]])
  const options = { region: REGION, now, lookup: (id: string) => keys.get(id) ?? null }
  const verifier = createS3Verifier(options)
  let next = 0
  function take(): RawRequest {
    next = (next + 1) % requests.length
    return requests[next] ?? { method: '', target: '', headers: [] }
  }
  return [
    {
      name: '@hallpass/signing createS3Verifier(…).verify',
      run: () => verifier.verify(take(), { now }),
    },
    { name: '@hallpass/signing verifyS3', run: () => verifyS3(take(), options) },
  ]
}

/** The three hashes no implementation can do without, over text of the lengths they have here. */
function floor(): Contestant {
  const { url } = presignS3({
    method: 'GET',
    bucket: BUCKET,
    key: KEYS[0] ?? '',
    region: REGION,
    credentials: CREDENTIALS,
    expiresInSeconds: EXPIRES_SECONDS,
  })
  const query = url.slice(url.indexOf('?') + 1, url.indexOf('&X-Amz-Signature'))
  const canonicalRequest = Buffer.from(
    `GET\n/${KEYS[0]}\n${query}\nhost:${HOST}\n\nhost\nUNSIGNED-PAYLOAD`,
  ).toString('latin1')
  const inner = 'i'.repeat(64 + 136)
  const outer = 'o'.repeat(64 + 32)
  return {
    name: FLOOR,
    run: () => {
      hash('sha256', canonicalRequest, 'hex')
      hash('sha256', inner, 'hex')
      return hash('sha256', outer, 'hex')
    },
  }
}

async function sdkContestants(skipped: string[]): Promise<Contestant[]> {
  const client = await loadOptional(
    () => import('@aws-sdk/client-s3'),
    '@aws-sdk/client-s3',
    skipped,
  )
  const presigner = await loadOptional(
    () => import('@aws-sdk/s3-request-presigner'),
    '@aws-sdk/s3-request-presigner',
    skipped,
  )
  if (client === null || presigner === null) return []
  const { GetObjectCommand, S3Client } = client
  const { getSignedUrl, S3RequestPresigner } = presigner
  const s3 = new S3Client({ region: REGION, credentials: CREDENTIALS })
  const alone = new S3RequestPresigner(s3.config)
  const turnOfUrls = createTurn()
  const turn = createTurn()
  return [
    {
      name: GET_SIGNED_URL,
      isAsync: true,
      run: () =>
        getSignedUrl(s3, new GetObjectCommand({ Bucket: BUCKET, Key: turnOfUrls() }), {
          expiresIn: EXPIRES_SECONDS,
        }),
    },
    {
      name: SDK_PRESIGNER,
      isAsync: true,
      run: () =>
        alone.presign(
          {
            method: 'GET',
            protocol: 'https:',
            hostname: HOST,
            path: `/${turn()}`,
            query: {},
            headers: { host: HOST },
          },
          { expiresIn: EXPIRES_SECONDS },
        ),
    },
  ]
}

async function minioContestant(skipped: string[]): Promise<Contestant[]> {
  const minio = await loadOptional(() => import('minio'), 'minio', skipped)
  if (minio === null) return []
  const client = new minio.Client({
    endPoint: `s3.${REGION}.amazonaws.com`,
    region: REGION,
    accessKey: CREDENTIALS.accessKeyId,
    secretKey: CREDENTIALS.secretAccessKey,
  })
  const turn = createTurn()
  return [
    {
      name: 'minio presignedGetObject',
      isAsync: true,
      run: () => client.presignedGetObject(BUCKET, turn(), EXPIRES_SECONDS),
    },
  ]
}

async function aws4Contestant(skipped: string[]): Promise<Contestant[]> {
  // It has no types of its own.
  const name: string = 'aws4'
  const loaded = await loadOptional(
    async () => (await import(name)) as { default: Aws4 },
    name,
    skipped,
  )
  if (loaded === null) return []
  const turn = createTurn()
  return [
    {
      name: 'aws4 sign with signQuery',
      run: () =>
        loaded.default.sign(
          {
            service: 's3',
            region: REGION,
            host: HOST,
            path: `/${turn()}?X-Amz-Expires=${EXPIRES_SECONDS}`,
            signQuery: true,
          },
          CREDENTIALS,
        ),
    },
  ]
}

interface Aws4 {
  sign(request: object, credentials: typeof CREDENTIALS): unknown
}

async function aws4fetchContestant(skipped: string[]): Promise<Contestant[]> {
  const loaded = await loadOptional(() => import('aws4fetch'), 'aws4fetch', skipped)
  if (loaded === null) return []
  const client = new loaded.AwsClient({ ...CREDENTIALS, service: 's3', region: REGION })
  const turn = createTurn()
  return [
    {
      name: 'aws4fetch sign with signQuery',
      isAsync: true,
      run: () =>
        client.sign(`https://${HOST}/${turn()}?X-Amz-Expires=${EXPIRES_SECONDS}`, {
          aws: { signQuery: true },
        }),
    },
  ]
}
