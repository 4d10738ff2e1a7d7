/**
 * One of several processes that write to one catalog: stores files as fast as it can, then tries every grant many times
 * over. Prints how many uses it got.
 */
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import { StoreError } from '../../packages/server/src/platform/store-errors.ts'

const [path = '', name = '', files = '0', grants = '0'] = process.argv.slice(2)
const AT_ONCE = 32
const TRIES = 8

const catalog = createSqliteCatalog({ path })

/** A catalog that others hold for long, on a machine that is busy, says that it cannot answer now: nothing was done. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof StoreError && error.fault === 'unavailable')) throw error
    }
  }
}

async function store(index: number): Promise<void> {
  const { outcome } = await patiently(() => commit(index))
  if (outcome !== 'committed') throw new Error(outcome)
  const found = await catalog.files.find({ bucket: 'acme', key: `${name}/${index}` })
  if (found === null) throw new Error('an acknowledged file is not there')
}

function commit(index: number): ReturnType<typeof catalog.files.commit> {
  return catalog.files.commit(
    {
      newFileId: `file-${name}-${index}`,
      newVersionId: 'v1',
      bucket: 'acme',
      key: `${name}/${index}`,
      size: 3,
      etag: 'e',
      checksums: [],
      partSizes: [],
      contentType: 'text/plain',
      headers: {},
      metadata: {},
      tags: {},
      modifiedAt: 1,
    },
    { kind: 'inline', contentId: `content-${name}-${index}`, bytes: Buffer.from('abc') },
    { epoch: null },
  )
}

let next = 0
async function writer(): Promise<void> {
  while (next < Number(files)) await store(next++)
}
await Promise.all(Array.from({ length: AT_ONCE }, writer))

let uses = 0
for (let grant = 0; grant < Number(grants); grant += 1) {
  const tries = Array.from({ length: TRIES }, (_, attempt) =>
    patiently(() =>
      catalog.grants.beginReading({
        id: `g${grant}`,
        answerId: `${name}.${attempt}`,
        admittedAtMs: 500,
        clientIp: '::1',
        etag: 'etag',
        size: 3,
        piece: [0, 2],
        touchedAfterMs: 0,
        maxSentBytes: 12,
        isAtOnce: true,
      }),
    ),
  )
  uses += (await Promise.all(tries)).filter(({ outcome }) => outcome === 'begun').length
}
await catalog.close()
console.log(uses)
