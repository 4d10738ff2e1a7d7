/** Google Cloud Storage's signed URLs beside the SDK and the bare signature, with RSA and HMAC keys. */
import { createPrivateKey, generateKeyPairSync, hash, sign } from 'node:crypto'
import type * as cloudStorage from '@google-cloud/storage'
import type { RawRequest } from '@hallpass/signing'
import { createGcsSigner, createGcsVerifier, presignGcs, verifyGcs } from '@hallpass/signing/gcs'
import type { Contestant } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'

const BUCKET = 'hallpass-test'
const HOST = 'storage.googleapis.com'
const CLIENT_EMAIL = 'hallpass-test@example-project.iam.gserviceaccount.test'
const HMAC_KEY = {
  accessId: 'GOOGHALLPASSFAKETESTKEY0001',
  secret: 'HallpassFakeGcsHmacSecret0000000000+/001',
}
const EXPIRES_SECONDS = 300
const OBJECTS = Array.from({ length: 256 }, (_, index) => `docs/2026/report-${index}.pdf`)
const SDK = '@google-cloud/storage getSignedUrl'
const BARE_RSA = 'floor: bare RSA-2048'
const FLOOR = 'floor: three crypto.hash of these lengths'

function createTurn(): () => string {
  let next = 0
  return () => {
    next = (next + 1) % OBJECTS.length
    return OBJECTS[next] ?? ''
  }
}

export async function prepareGcs(): Promise<DialectBench> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const skipped: string[] = []
  const sdk = await loadOptional(
    () => import('@google-cloud/storage'),
    '@google-cloud/storage',
    skipped,
  )
  const others = sdk === null ? [] : [sdkContestant(sdk, privateKey)]
  return {
    operations: [
      {
        name: 'gcs presign GET, RSA',
        reference: sdk === null ? BARE_RSA : SDK,
        contestants: [
          ...own('RSA', { clientEmail: CLIENT_EMAIL, privateKey }),
          ...others,
          bareRsa(privateKey),
        ],
      },
      {
        name: 'gcs presign GET, HMAC',
        reference: FLOOR,
        contestants: [...own('HMAC', HMAC_KEY), floor()],
      },
      { name: 'gcs verify GET, HMAC', reference: FLOOR, contestants: [...ownVerify(), floor()] },
    ],
    packages: ['@google-cloud/storage'],
    skipped,
  }
}

function own(kind: string, key: Parameters<typeof presignGcs>[0]['key']): Contestant[] {
  const turn = createTurn()
  const signer = createGcsSigner({ key })
  const request = { method: 'GET', bucket: BUCKET, expiresInSeconds: EXPIRES_SECONDS }
  return [
    {
      name: `@hallpass/signing createGcsSigner(…).sign, ${kind}`,
      run: () => signer.sign({ ...request, object: turn() }),
    },
    {
      name: `@hallpass/signing presignGcs, ${kind}`,
      run: () => presignGcs({ ...request, key, object: turn() }),
    },
  ]
}

function ownVerify(): Contestant[] {
  const now = new Date()
  const requests = OBJECTS.map((object, index): RawRequest => {
    // Signed over the last minute, as the requests of a busy server are.
    const signedAt = new Date(now.getTime() - index * 250)
    const options = {
      method: 'GET',
      bucket: BUCKET,
      expiresInSeconds: EXPIRES_SECONDS,
      now: signedAt,
    }
    const { url } = presignGcs({ ...options, key: HMAC_KEY, object })
    // Through bytes, as from a socket: one flat piece of text.
    const target = Buffer.from(url.slice(`https://${HOST}`.length)).toString('latin1')
    return { method: 'GET', target, headers: ['Host', HOST, 'Accept', '*/*'] }
  })
  const key = { secret: HMAC_KEY.secret }
  const options = { lookup: () => key, now }
  const verifier = createGcsVerifier(options)
  let next = 0
  function take(): RawRequest {
    next = (next + 1) % requests.length
    return requests[next] ?? { method: '', target: '', headers: [] }
  }
  return [
    {
      name: '@hallpass/signing createGcsVerifier(…).verify',
      run: () => verifier.verify(take(), { now }),
    },
    { name: '@hallpass/signing verifyGcs', run: () => verifyGcs(take(), options) },
  ]
}

function bareRsa(pem: string): Contestant {
  const key = createPrivateKey(pem)
  const text = Buffer.from('s'.repeat(136))
  return { name: BARE_RSA, run: () => sign('sha256', text, key) }
}

/** The hash of the canonical request and the two of the HMAC, over text of the lengths they have here. */
function floor(): Contestant {
  const canonicalRequest = 'c'.repeat(400)
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

function sdkContestant({ Storage }: typeof cloudStorage, privateKey: string): Contestant {
  const storage = new Storage({
    projectId: 'example-project',
    credentials: { client_email: CLIENT_EMAIL, private_key: privateKey },
  })
  const bucket = storage.bucket(BUCKET)
  const turn = createTurn()
  return {
    name: SDK,
    isAsync: true,
    run: () =>
      bucket.file(turn()).getSignedUrl({
        version: 'v4',
        action: 'read',
        expires: Date.now() + EXPIRES_SECONDS * 1000,
      }),
  }
}
