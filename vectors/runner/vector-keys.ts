/** The keys a folder of vectors brings along: those its vectors name, and Google's beside its official vectors. */
import { createPrivateKey } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { JsonRecord } from './family.ts'
import { isRecord } from './family.ts'

export interface PemPair {
  readonly private: string
  readonly public: string
}

export interface VectorKeys {
  /** The pair of that name; throws if the folder has none. */
  readonly pem: (name: string) => PemPair
  /** Any RSA pair, for vectors that any key may sign. */
  readonly anyRsa: () => PemPair
  /** The service account whose key file (`….not-a-test.json`) lies beside the vectors; throws if none does. */
  readonly serviceAccount: () => { readonly client_email: string; readonly private_key: string }
}

/** The folder's own `keys/*.json`, or the nearest above it: part of a folder of vectors may be run alone. */
export function readKeyFolder(folder: string): ReadonlyMap<string, PemPair> {
  const pairs = new Map<string, PemPair>()
  const keyFolder = findKeyFolder(resolve(folder))
  if (keyFolder === null) return pairs
  for (const name of globSync('*.json', { cwd: keyFolder }).toSorted()) {
    const content: unknown = JSON.parse(readFileSync(join(keyFolder, name), 'utf8'))
    const pem = isRecord(content) && isRecord(content['pem']) ? content['pem'] : {}
    for (const [key, pair] of Object.entries(pem)) if (isPemPair(pair)) pairs.set(key, pair)
  }
  return pairs
}

/** The keys of the vectors of one file. */
export function createVectorKeys(
  pairs: ReadonlyMap<string, PemPair>,
  vectorFile: string,
): VectorKeys {
  return {
    pem(name) {
      const pair = pairs.get(name)
      if (pair === undefined) throw new Error(`keys/ has no key pair ${name}`)
      return pair
    },
    anyRsa() {
      const pair = [...pairs.values()].find(
        (candidate) => createPrivateKey(candidate.private).asymmetricKeyType === 'rsa',
      )
      if (pair === undefined) throw new Error('keys/ has no RSA key pair')
      return pair
    },
    serviceAccount() {
      const folder = dirname(vectorFile)
      const [name] = globSync('*.not-a-test.json', { cwd: folder })
      if (name === undefined) throw new Error(`${folder} has no key file *.not-a-test.json`)
      return toServiceAccount(JSON.parse(readFileSync(join(folder, name), 'utf8')), name)
    },
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

function toServiceAccount(
  content: unknown,
  name: string,
): { client_email: string; private_key: string } {
  const account: JsonRecord = isRecord(content) ? content : {}
  const { client_email: email, private_key: key } = account
  if (typeof email !== 'string' || typeof key !== 'string') {
    throw new TypeError(`${name} is not the key file of a service account`)
  }
  return { client_email: email, private_key: key }
}
