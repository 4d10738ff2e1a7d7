/** Azurite, which gives a delegation key to who has a bearer token. */
import { hasOpenssl, makeBearerToken, startAzurite } from '../../../conformance/lib/azurite.ts'
import type { MakeWorld } from './recipe.ts'
import { prints } from './recipe.ts'

const ACCOUNT = 'hallpassrecipes'
const ACCOUNT_KEY = Buffer.from('a key that Azurite is told at its start').toString('base64')

export const withDelegation: MakeWorld = async ({ folder }) => {
  if (!hasOpenssl()) return { lacks: 'openssl' }
  const azurite = await startAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
  return {
    env: {
      AZURE_STORAGE_ACCOUNT: ACCOUNT,
      AZURE_STORAGE_ENDPOINT: azurite.endpoint,
      AZURE_ACCESS_TOKEN: makeBearerToken(),
      NODE_EXTRA_CA_CERTS: azurite.certificate,
    },
    judge: prints(
      /\/photos\/cats\/tom\.jpg\?\S*sr=d\S*sdd=1[^]*\/cats\/2026\/tim\.jpg\?[^]*\nrl\nrl\n$/,
    ),
    close: azurite.stop,
  }
}
