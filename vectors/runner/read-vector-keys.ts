/** Finds the keys that a folder of vectors brings along. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isRecord } from './family.ts'
import type { PemPair, VectorKeyData } from './vector-keys.ts'

/** The pairs of the folder's own `keys/*.json`, or of the nearest above it: part of a folder of vectors may be run alone. */
export function readKeyFolder(folder: string): Readonly<Record<string, PemPair>> {
  const pairs: Record<string, PemPair> = {}
  const keyFolder = findKeyFolder(resolve(folder))
  if (keyFolder === null) return pairs
  for (const name of globSync('*.json', { cwd: keyFolder }).toSorted()) {
    const content: unknown = JSON.parse(readFileSync(join(keyFolder, name), 'utf8'))
    const pem = isRecord(content) && isRecord(content['pem']) ? content['pem'] : {}
    for (const [key, pair] of Object.entries(pem)) if (isPemPair(pair)) pairs[key] = pair
  }
  return pairs
}

/** The keys of the vectors of one file. */
export function readVectorKeys(
  pairs: Readonly<Record<string, PemPair>>,
  vectorFile: string,
): VectorKeyData {
  return {
    pairs,
    rsa: Object.values(pairs).find(isRsa) ?? null,
    serviceAccount: readServiceAccount(dirname(vectorFile)),
  }
}

function findKeyFolder(folder: string): string | null {
  const candidate = join(folder, 'keys')
  if (existsSync(candidate)) return candidate
  const above = dirname(folder)
  return above === folder ? null : findKeyFolder(above)
}

function isPemPair(value: unknown): value is PemPair {
  return (
    isRecord(value) && typeof value['private'] === 'string' && typeof value['public'] === 'string'
  )
}

function isRsa(pair: PemPair): boolean {
  return createPrivateKey(pair.private).asymmetricKeyType === 'rsa'
}

function readServiceAccount(folder: string): VectorKeyData['serviceAccount'] {
  const [name] = globSync('*.not-a-test.json', { cwd: folder })
  if (name === undefined) return null
  const content: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const { client_email: email, private_key: key } = isRecord(content) ? content : {}
  if (typeof email !== 'string' || typeof key !== 'string') {
    throw new TypeError(`${name} is not the key file of a service account`)
  }
  const publicKey = String(createPublicKey(key).export({ format: 'pem', type: 'spki' }))
  return { client_email: email, private_key: key, publicKey }
}
