/**
 * Version 4A over WebCrypto, for runtimes that have elliptic curves behind promises only.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromHex, toHex, utf8 } from '../../lib/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../../lib/ecdsa-signature.ts'
import { ALGORITHM_ECDSA } from './params.ts'
import type { SigV4aKey } from './sigv4a.ts'
import { isSigV4aSignature, privateKeyDer } from './sigv4a.ts'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const HASHED = { name: 'ECDSA', hash: 'SHA-256' }

/** The signature of the text: DER in lower-case hex, another one each time. */
export async function signSigV4aAsync(key: SigV4aKey, stringToSign: string): Promise<string> {
  const privateKey = await importPrivateKey(key, false)
  const raw = await crypto.subtle.sign(HASHED, privateKey, bytesOf(stringToSign))
  return toHex(ecdsaToDer(new Uint8Array(raw)))
}

/** True if the signature is one of this text by this key. */
export async function verifySigV4aAsync(
  key: SigV4aKey,
  stringToSign: string,
  signature: string,
): Promise<boolean> {
  const der = isSigV4aSignature(signature) ? fromHex(signature) : null
  const raw = der === null ? null : ecdsaFromDer(der)
  if (raw === null) return false
  const publicKey = await importPublicKey(key)
  return crypto.subtle.verify(HASHED, publicKey, new Uint8Array(raw), bytesOf(stringToSign))
}

/** The runtime works the public half out, and gives it as the point of a JSON Web Key. */
async function importPublicKey(key: SigV4aKey): Promise<CryptoKey> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', await importPrivateKey(key, true))
  const point = { kty: 'EC', crv: CURVE.namedCurve, x, y }
  return crypto.subtle.importKey('jwk', point, CURVE, false, ['verify'])
}

async function importPrivateKey(key: SigV4aKey, isExtractable: boolean): Promise<CryptoKey> {
  const der = new Uint8Array(privateKeyDer(key))
  try {
    return await crypto.subtle.importKey('pkcs8', der, CURVE, isExtractable, ['sign'])
  } catch {
    // The runtime's error may quote the key, so it is not kept as a cause.
    throw new SigningError('sync-crypto-unavailable', 'this runtime takes no bare ECDSA key', {
      operation: ALGORITHM_ECDSA,
    })
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(utf8(text))
}
