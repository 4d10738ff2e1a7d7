/** Whose requests they are: a service account whose key was given, or what Google's own library finds on this machine. */
import { createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { GcsRemoteKey, GcsServiceAccountKey } from '@hallpass/signing/gcs'
import type { Clock } from '../../platform/clock.ts'
import { HOUR_MS, MINUTE_MS } from '../../platform/durations.ts'
import type { Secret } from '../../platform/secret.ts'
import { lookForCredentials } from '../send/look-for-credentials.ts'
import type { CredentialSentences } from '../send/look-for-credentials.ts'

export interface GcsCredentials {
  /** A bearer token of the moment. */
  token(): Promise<string>
  /** The store says that the token has ended: the next is made or asked for anew. */
  renew(): void
  /** What signs URLs. */
  signingKey(): Promise<GcsServiceAccountKey | GcsRemoteKey>
}

const AUDIENCE = 'https://storage.googleapis.com/'
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const EMAIL = /^[\w.+-]{1,128}@[\w.-]{1,128}$/

/** `id` is the address of the service account, `secret` its private key in PEM. Throws an `Error` that repeats neither. */
export function givenGcsCredentials(
  { id, secret }: { readonly id: string; readonly secret: Secret },
  clock: Clock,
): GcsCredentials {
  if (!EMAIL.test(id)) throw new Error('needs the address of a service account as the id')
  const key = readKey(secret)
  let known: { readonly token: string; readonly endsAt: number } | null = null
  return {
    token() {
      const nowMs = clock.now()
      if (known === null || known.endsAt - 5 * MINUTE_MS < nowMs) {
        const endsAt = nowMs + HOUR_MS
        known = { token: createToken(id, key, { nowMs, endsAt }), endsAt }
      }
      return Promise.resolve(known.token)
    },
    renew() {
      known = null
    },
    signingKey: () => Promise.resolve({ clientEmail: id, privateKey: secret.reveal() }),
  }
}

function readKey(secret: Secret): KeyObject {
  try {
    const key = createPrivateKey(secret.reveal().replaceAll('\\n', '\n'))
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // What it says may quote the key.
  }
  throw new Error('needs the private key of that service account, in PEM, as the secret')
}

/** Signed by the account itself and good for storage alone, so that nobody has to be asked for one. */
function createToken(
  email: string,
  key: KeyObject,
  { nowMs, endsAt }: { readonly nowMs: number; readonly endsAt: number },
): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  const claims = {
    iss: email,
    sub: email,
    aud: AUDIENCE,
    iat: seconds(nowMs),
    exp: seconds(endsAt),
  }
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}

/** A key file that the environment names, workload identity, metadata of the machine. Loaded when it is first asked. */
export function applicationCredentials(): GcsCredentials {
  let library: ReturnType<typeof loadLibrary> | null = null
  async function ask<Result>(
    question: (auth: Awaited<ReturnType<typeof loadLibrary>>) => Promise<Result>,
  ): Promise<Result> {
    library ??= loadLibrary()
    try {
      return await lookForCredentials(library, question, SAYS)
    } catch (error) {
      library = null
      throw error
    }
  }
  return {
    token: () =>
      ask(async (auth) => {
        const token = await auth.getAccessToken()
        if (typeof token === 'string') return token
        throw new Error('no token')
      }),
    renew() {
      library = null
    },
    signingKey: () =>
      ask(async (auth) => {
        const { client_email: clientEmail } = await auth.getCredentials()
        if (clientEmail === undefined) throw new Error('no service account')
        const signBlob = (bytes: Uint8Array): Promise<Uint8Array> =>
          ask(async (signing) =>
            Buffer.from(await signing.sign(Buffer.from(bytes).toString('utf8')), 'base64'),
          )
        return { clientEmail, signBlob }
      }),
  }
}

async function loadLibrary() {
  const { GoogleAuth } = await import('google-auth-library')
  return new GoogleAuth({ scopes: [SCOPE] })
}

const SAYS: CredentialSentences = {
  notInstalled:
    'No credentials are set, and google-auth-library, which would look for some, is not installed. Set those of a service account, or install it.',
  notFound: (name) =>
    `Google gave no credentials for what GOOGLE_APPLICATION_CREDENTIALS, workload identity and metadata say of this machine (${name}). Provide one of them.`,
}
