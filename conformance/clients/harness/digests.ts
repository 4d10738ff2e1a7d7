/** What is really there, in a bucket or a folder, seen without the client under test: names and SHA-256 of the bytes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { createAwsClient, presign } from '../../lib/clients.ts'
import type { RunningServer } from '../../lib/start-server.ts'

/** Sorted by name, so that two of them compare whatever order they were made in. */
export type Digests = Readonly<Record<string, string>>

export function sortDigests(entries: Iterable<readonly [string, string]>): Digests {
  const sorted = [...entries].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return Object.fromEntries(sorted)
}

export async function digestOfObject(
  server: RunningServer,
  bucket: string,
  key: string,
): Promise<string> {
  const response = await fetch(presign(server, 'GET', `${bucket}/${key}`))
  assert.equal(response.status, 200, `GET ${JSON.stringify(key)} says ${response.status}`)
  const hash = createHash('sha256')
  for await (const chunk of response.body ?? []) hash.update(chunk)
  return hash.digest('hex')
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

export async function listKeys(
  server: RunningServer,
  bucket: string,
  prefix = '',
): Promise<string[]> {
  const client = createAwsClient(server)
  const keys: string[] = []
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        EncodingType: 'url',
        ContinuationToken: token,
      }),
    )
    for (const { Key = '' } of page.Contents ?? []) keys.push(decodeKey(Key))
    token = page.NextContinuationToken
  } while (token !== undefined)
  client.destroy()
  return keys
}

/** Both ways to write a space mean one here: a plus that is part of the key is always escaped. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '))
}

/** Keys without the prefix. */
export async function digestsOfBucket(
  server: RunningServer,
  bucket: string,
  prefix = '',
): Promise<Digests> {
  const entries: [string, string][] = []
  for (const key of await listKeys(server, bucket, prefix)) {
    entries.push([key.slice(prefix.length), await digestOfObject(server, bucket, key)])
  }
  return sortDigests(entries)
}

export async function digestsOfFolder(folder: string): Promise<Digests> {
  const entries: [string, string][] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    entries.push([path.slice(folder.length + 1), await digestOfFile(path)])
  }
  return sortDigests(entries)
}
