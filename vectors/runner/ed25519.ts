/** The public half of an Ed25519 seed in base64url, by WebCrypto alone, which every runtime has. */
import { fromBase64, fromHex } from './bytes.ts'

const SEED_HEADER = '302e020100300506032b657004220420'

export async function publicHalf(seed: string): Promise<string> {
  const der = Uint8Array.from([...fromHex(SEED_HEADER), ...fromBase64(seed)])
  const key = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign'])
  const { x } = await crypto.subtle.exportKey('jwk', key)
  if (x === undefined) throw new Error('The key has no public half.')
  return x
}
