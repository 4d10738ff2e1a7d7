/** Two processes over one data folder, as far as core can tell, under one clock that the test moves either way. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import { openDatabase } from '../../../src/catalog/sqlite/open-database.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { createNode, seedCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

export type Node = Omit<TestCore, 'signingKeyId'>

export interface TwoNodes {
  readonly nodes: readonly [Node, Node]
  readonly clock: { now(): number; advance(ms: number): void }
  dispose(): Promise<void>
}

const START = Date.UTC(2026, 2, 14, 9, 26, 53)
/** A catalog with the keys of a first start, made once: making one takes longer than a whole sequence. */
let fresh: Promise<Uint8Array> | null = null

export async function startTwoNodes(): Promise<TwoNodes> {
  fresh ??= makeFresh()
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-two-'))
  writeFileSync(join(folder, 'catalog.db'), await fresh, { mode: 0o600 })
  return openNodes(folder)
}

async function makeFresh(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-two-'))
  const two = openNodes(folder)
  await seedCore(two.nodes[0])
  for (const { catalog } of two.nodes) await catalog.close()
  const bytes = readFileSync(join(folder, 'catalog.db'))
  await two.dispose()
  return bytes
}

function openNodes(folder: string): TwoNodes {
  let now = START
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) }
  const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })
  const path = join(folder, 'catalog.db')
  const open = (file: string): ReturnType<typeof openDatabase> => {
    const db = openDatabase(file)
    // Nobody pulls the plug here.
    db.pragma('synchronous = OFF')
    return db
  }
  const start = (processId: string): Node =>
    createNode({
      catalog: createSqliteCatalog({ path, clock, open, reserveBytes: 0 }),
      blobs,
      clock,
      sleep: () => setImmediate(),
      processId,
    })
  const nodes = [start('one'), start('two')] as const
  return {
    nodes,
    clock,
    dispose: async () => {
      for (const { catalog } of nodes) await catalog.close()
      await blobs.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
