/** Whose requests they are: the account's by its key, those of a shared access signature, or those of an identity that Microsoft Entra knows. */
import type { Secret } from '../../platform/secret.ts'
import { createSecret } from '../../platform/secret.ts'
import { lookForCredentials } from '../send/look-for-credentials.ts'
import type { CredentialSentences } from '../send/look-for-credentials.ts'

export type AzureCredentials =
  | { readonly kind: 'key'; readonly key: Secret }
  | { readonly kind: 'sas'; readonly token: Secret }
  /** A bearer token of the moment. */
  | { readonly kind: 'entra'; readonly token: () => Promise<string> }

const ACCOUNT_KEY = /^[A-Za-z0-9+/]{43,172}={0,2}$/
const SAS =
  /^\??(?:[a-z]{2,8}=[A-Za-z0-9%.:~_+-]*&)*sig=[A-Za-z0-9%+/=]+(?:&[a-z]{2,8}=[A-Za-z0-9%.:~_+-]*)*$/
const SCOPE = 'https://storage.azure.com/.default'

/** `id` is the account's name, `secret` its key or a shared access signature. Throws an `Error` that repeats neither. */
export function givenAzureCredentials(
  account: string,
  { id, secret }: { readonly id: string; readonly secret: Secret },
): AzureCredentials {
  if (id !== account) {
    throw new Error('needs the name of its account as the id of the credentials')
  }
  const text = secret.reveal()
  if (SAS.test(text)) return { kind: 'sas', token: createSecret(text.replace(/^\?/, '')) }
  if (ACCOUNT_KEY.test(text)) return { kind: 'key', key: secret }
  throw new Error(
    'needs a key of the account in base64, or a shared access signature (sv=…&sig=…), as their secret',
  )
}

/** Environment, workload identity, managed identity, in the order of Microsoft's own library. Loaded when it is first asked. */
export function entraCredentials(): AzureCredentials {
  let credential: ReturnType<typeof loadCredential> | null = null
  return {
    kind: 'entra',
    async token() {
      credential ??= loadCredential()
      try {
        const { token } = await lookForCredentials(credential, (of) => of.getToken(SCOPE), SAYS)
        return token
      } catch (error) {
        credential = null
        throw error
      }
    },
  }
}

async function loadCredential() {
  const { DefaultAzureCredential } = await import('@azure/identity')
  return new DefaultAzureCredential()
}

const SAYS: CredentialSentences = {
  notInstalled:
    'No credentials are set, and @azure/identity, which would look for some, is not installed. Set the key of the account or a shared access signature, or install it.',
  notFound: (name) =>
    `Microsoft Entra gave no token for what environment, workload identity and managed identity say of this machine (${name}). Provide one of them, or set the key of the account or a shared access signature.`,
}
