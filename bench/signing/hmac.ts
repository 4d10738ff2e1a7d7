/** HMAC-SHA256 of a string to sign, over the runtime's cryptography and over plain JavaScript. */
import nodeCrypto from 'node:crypto'
import { createHmacEngine } from '../../packages/signing/src/lib/hmac.ts'
import type { NodeCrypto } from '../../packages/signing/src/lib/runtime-crypto.ts'
import type { Contestant } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'
import { sha256 } from '../../packages/signing/src/lib/sha256.ts'

const STRING_TO_SIGN = `AWS4-HMAC-SHA256\n20260314T092653Z\n20260314/us-east-1/s3/aws4_request\n${'0'.repeat(64)}`
const KEY = nodeCrypto.randomBytes(32)

export async function prepareHmac(): Promise<DialectBench> {
  const skipped: string[] = []
  const own = (name: string, crypto: NodeCrypto | null): Contestant => {
    const key = createHmacEngine(crypto).prepareHmacKey(sha256, KEY)
    return { name, run: () => key.hex(STRING_TO_SIGN) }
  }
  const plain = own('@hallpass/signing, plain JavaScript', null)
  const onNode = own('@hallpass/signing, node:crypto', nodeCrypto as unknown as NodeCrypto)
  const createHmac: Contestant = {
    name: 'node:crypto createHmac',
    run: () => nodeCrypto.createHmac('sha256', KEY).update(STRING_TO_SIGN).digest('hex'),
  }
  return {
    operations: [
      {
        name: 'hmac-sha256 in plain JavaScript',
        reference: NOBLE,
        contestants: [plain, ...(await noble(skipped))],
      },
      {
        name: 'hmac-sha256 over node:crypto',
        reference: createHmac.name,
        contestants: [onNode, createHmac],
      },
    ],
    packages: ['@noble/hashes'],
    skipped,
  }
}

const NOBLE = '@noble/hashes hmac'

async function noble(skipped: string[]): Promise<Contestant[]> {
  const hmac = await loadOptional(() => import('@noble/hashes/hmac.js'), '@noble/hashes', skipped)
  const sha2 = await loadOptional(() => import('@noble/hashes/sha2.js'), '@noble/hashes', skipped)
  if (hmac === null || sha2 === null) return []
  const encoder = new TextEncoder()
  const prepared = hmac.hmac.create(sha2.sha256, KEY)
  return [
    {
      name: NOBLE,
      run: () => hmac.hmac(sha2.sha256, KEY, encoder.encode(STRING_TO_SIGN)),
    },
    {
      name: `${NOBLE}, key prepared and cloned`,
      run: () => prepared.clone().update(encoder.encode(STRING_TO_SIGN)).digest(),
    },
  ]
}
