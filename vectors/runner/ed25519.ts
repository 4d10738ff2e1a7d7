/** The public half of an Ed25519 seed in base64url, by Node alone. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'

const SEED_HEADER = '302e020100300506032b657004220420'

export function publicHalf(seed: string): string {
  const der = Buffer.concat([Buffer.from(SEED_HEADER, 'hex'), Buffer.from(seed, 'base64url')])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  assert.ok(x !== undefined)
  return x
}
