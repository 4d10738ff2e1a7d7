/** Whose requests they are: a key pair that was given, or what Amazon's own chain finds on this machine. */
import type { S3Credentials } from '@hallpass/signing/s3'
import type { Secret } from '../../platform/secret.ts'
import { lookForCredentials } from '../send/look-for-credentials.ts'
import type { CredentialSentences } from '../send/look-for-credentials.ts'

export interface CredentialSource {
  /** Those of the moment. */
  current(): Promise<S3Credentials>
  /** The store says that they have ended: the next are asked for anew. */
  renew(): void
}

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  readonly sessionToken?: Secret
}

export function givenCredentials({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: KeyPair): CredentialSource {
  const credentials = {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken?.reveal(),
  }
  return { current: () => Promise.resolve(credentials), renew: () => undefined }
}

/** Environment, shared files, web identity, container, instance metadata, in the order of Amazon's SDKs. Loaded when it is first asked. */
export function chainedCredentials(): CredentialSource {
  let chain: ReturnType<typeof loadChain> | null = null
  let forceRefresh = false
  return {
    async current() {
      chain ??= loadChain()
      const isForced = forceRefresh
      forceRefresh = false
      try {
        const found = await lookForCredentials(
          chain,
          (ask) => ask({ forceRefresh: isForced }),
          SAYS,
        )
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = found
        const token = sessionToken === '' ? undefined : sessionToken
        return { accessKeyId, secretAccessKey, sessionToken: token, expiration }
      } catch (error) {
        chain = null
        throw error
      }
    },
    renew() {
      forceRefresh = true
    },
  }
}

async function loadChain() {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  return defaultProvider()
}

const SAYS: CredentialSentences = {
  notInstalled:
    'No key pair is set, and @aws-sdk/credential-provider-node, which would look for one, is not installed. Set a key pair, or install it.',
  notFound: (name) =>
    `No AWS credentials were found in environment, shared files, web identity, container or instance metadata (${name}). Provide one of them, or set a key pair.`,
}
