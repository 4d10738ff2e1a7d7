/** Looks at a server that came up after a crash: everything it promised, nothing it did not, no remains. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ledger } from './ledger.ts'
import type { FetchedObject, ObjectClient } from './object-client.ts'

export interface CheckedServer {
  readonly client: ObjectClient
  readonly ledger: Ledger
  readonly dataDir: string
}

const LOOKERS = 16

/** Every fault found, in words; the ledger afterwards holds what was found. */
export async function checkState({ client, ledger, dataDir }: CheckedServer): Promise<string[]> {
  const faults: string[] = []
  const keys = [...ledger.keys()]
  const looker = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      faults.push(...checkKey(ledger, key, await client.get(key)))
    }
  }
  await Promise.all(Array.from({ length: LOOKERS }, looker))
  faults.push(...checkListing(ledger, await client.listKeys()))
  faults.push(...(await checkTemporary(dataDir)))
  faults.push(...checkCatalog(dataDir))
  return faults
}

function checkKey(ledger: Ledger, key: string, found: FetchedObject | null): string[] {
  const allowed = ledger.allowed(key)
  const content = found?.sha256 ?? null
  ledger.settle(key, content)
  if (found !== null && found.md5 !== found.etag) return [`${key}: its ETag is not its MD5`]
  if (allowed.includes(content)) return []
  const expected = allowed.map(describeContent).join(' or ')
  return [`${key}: found ${describeContent(content)}, expected ${expected}`]
}

function describeContent(content: string | null): string {
  return content === null ? 'nothing' : `SHA-256 ${content.slice(0, 12)}`
}

function checkListing(ledger: Ledger, listed: readonly string[]): string[] {
  const expected = ledger.keys().filter((key) => !ledger.allowed(key).includes(null))
  const isSame = expected.toSorted().join('\n') === listed.toSorted().join('\n')
  return isSame ? [] : [`the listing has ${listed.length} keys, expected ${expected.length}`]
}

async function checkTemporary(dataDir: string): Promise<string[]> {
  const left = await readdir(join(dataDir, 'blobs', 'tmp'))
  return left.map((name) => `temporary bytes are left: ${name}`)
}

function checkCatalog(dataDir: string): string[] {
  const db = new Database(join(dataDir, 'catalog.db'), { fileMustExist: true })
  try {
    const verdict = db.pragma('integrity_check', { simple: true })
    const broken = db.pragma('foreign_key_check') as unknown[]
    return [
      ...(verdict === 'ok' ? [] : [`integrity_check: ${String(verdict)}`]),
      ...(broken.length === 0 ? [] : [`foreign_key_check: ${broken.length} rows`]),
    ]
  } finally {
    db.close()
  }
}
