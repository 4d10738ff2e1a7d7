/** Asks the catalog for whatever does not hold between its rows, over one state of it, and puts right what can be. */
import { CHECKS } from '../../catalog/rows/checks/all.ts'
import type { Check } from '../../catalog/rows/checks/check.ts'
import type { RowCatalog, RowSession } from '../../catalog/rows/row-catalog.ts'
import { BLOB_KINDS } from './finding.ts'
import type { Finding } from './finding.ts'

export async function checkCatalog(catalog: RowCatalog): Promise<readonly Finding[]> {
  const damaged = await findDamage(catalog)
  return catalog.read(async (session) => [...damaged, ...(await findAll(session))])
}

async function findDamage(catalog: RowCatalog): Promise<readonly Finding[]> {
  const kind = 'catalog-damaged'
  const told = { kind, says: BLOB_KINDS[kind], subject: 'catalog', paths: [], isRepaired: false }
  return (await catalog.faults()).map((about) => ({ ...told, about }))
}

/** The same, and what is left of it. Nobody writes meanwhile. */
export async function repairCatalog(
  catalog: RowCatalog,
  nowMs: number,
): Promise<readonly Finding[]> {
  const damaged = await findDamage(catalog)
  // Nothing is put right in a file that is itself damaged: a repair could make it worse.
  if (damaged.length > 0) return checkCatalog(catalog)
  return catalog.change(async (session) => {
    const before = await findAll(session)
    const wrong = new Set(before.map(({ kind }) => kind))
    for (const check of CHECKS) {
      // What one repair leaves behind is the next one's, even if it was right before.
      if (wrong.size > 0) await repair(session, check, nowMs)
    }
    const left = await findAll(session)
    if (wrong.size > 0) await session.run('UPDATE key_epoch SET value = value + 1')
    const isLeft = (finding: Finding): boolean => left.some((other) => isSame(finding, other))
    return [
      ...before.map((finding) => ({ ...finding, isRepaired: !isLeft(finding) })),
      ...left.filter((finding) => !before.some((other) => isSame(finding, other))),
    ]
  })
}

function isSame(one: Finding, other: Finding): boolean {
  return one.kind === other.kind && one.subject === other.subject && one.about === other.about
}

async function findAll(session: RowSession): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const check of CHECKS) {
    const { kind, says } = check
    for (const [subject = null, about = null] of await session.ask(check.find)) {
      found.push({
        kind,
        says,
        subject: String(subject),
        about: String(about),
        paths: [],
        isRepaired: false,
      })
    }
  }
  return found
}

async function repair(session: RowSession, { repair: how }: Check, nowMs: number): Promise<void> {
  if (how === null) return
  if (typeof how === 'function') {
    await how(session, nowMs)
    return
  }
  for (const text of how) await session.run(text, text.includes('?') ? [nowMs] : [])
}
