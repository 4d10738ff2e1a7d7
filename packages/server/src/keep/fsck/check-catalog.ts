/** Asks the catalog for whatever does not hold between its rows, over one state of it, and puts right what can be. */
import { CHECKS } from '../../catalog/rows/checks/all.ts'
import type { Check } from '../../catalog/rows/checks/check.ts'
import type { RowCatalog, RowSession } from '../../catalog/rows/row-catalog.ts'
import { BLOB_KINDS } from './finding.ts'
import type { Finding } from './finding.ts'
import type { Report } from './report.ts'

/** Nobody can say what becomes of each before all is repaired: of one kind so many are remembered, and the others counted. */
const MOST_REMEMBERED = 10_000

export async function checkCatalog(catalog: RowCatalog, report: Report): Promise<void> {
  await tellDamage(catalog, report)
  await catalog.read(async (session) => {
    for (const check of CHECKS)
      for await (const finding of findAll(session, check)) await report.tell(finding)
  })
}

/** Whether the database finds its own file damaged. */
async function tellDamage(catalog: RowCatalog, report: Report): Promise<boolean> {
  const kind = 'catalog-damaged'
  const told = { kind, says: BLOB_KINDS[kind], subject: 'catalog', paths: [], isRepaired: false }
  const faults = await catalog.faults()
  for (const about of faults) await report.tell({ ...told, about })
  return faults.length > 0
}

/** The same, and what is left of it. Nobody writes meanwhile; what was found is told when they may again. */
export async function repairCatalog(
  catalog: RowCatalog,
  report: Report,
  nowMs: number,
): Promise<void> {
  // Nothing is put right in a file that is itself damaged: a repair could make it worse.
  if (await tellDamage(catalog, report)) {
    await checkCatalog(catalog, report)
    return
  }
  for (const finding of await catalog.change((session) => repairAll(session, nowMs))) {
    await report.tell(finding)
  }
}

async function repairAll(session: RowSession, nowMs: number): Promise<readonly Finding[]> {
  const before = await remember(session)
  if (before.every(({ count }) => count === 0)) return []
  // What one repair leaves behind is the next one's, even if it was right before.
  for (const check of CHECKS) await repair(session, check, nowMs)
  const left = await remember(session)
  await session.run('UPDATE key_epoch SET value = value + 1')
  return CHECKS.flatMap((check, at) => compare(check, before[at], left[at]))
}

interface Remembered {
  readonly findings: readonly Finding[]
  readonly count: number
}

/** For each check. */
async function remember(session: RowSession): Promise<readonly Remembered[]> {
  const all: Remembered[] = []
  for (const check of CHECKS) {
    const findings: Finding[] = []
    let count = 0
    for await (const finding of findAll(session, check)) {
      count += 1
      if (findings.length < MOST_REMEMBERED) findings.push(finding)
    }
    all.push({ findings, count })
  }
  return all
}

const NONE: Remembered = { findings: [], count: 0 }

function compare(check: Check, before = NONE, left = NONE): readonly Finding[] {
  const textOf = ({ subject, about }: Finding): string => JSON.stringify([subject, about])
  const known = new Set(before.findings.map(textOf))
  const lasting = new Set(left.findings.map(textOf))
  const told = [
    ...before.findings.map((each) => ({ ...each, isRepaired: !lasting.has(textOf(each)) })),
    ...left.findings.filter((each) => !known.has(textOf(each))),
  ]
  const more = Math.max(before.count, left.count) - MOST_REMEMBERED
  if (more <= 0) return told
  const isRepaired = left.count === 0
  return [...told, findingOf(check, { subject: 'others', about: `${more} more`, isRepaired })]
}

async function* findAll(session: RowSession, check: Check): AsyncGenerator<Finding> {
  for await (const rows of session.stream(check.find)) {
    for (const [subject = null, about = null] of rows) {
      yield findingOf(check, {
        subject: String(subject),
        about: String(about),
        isRepaired: false,
      })
    }
  }
}

function findingOf(
  { kind, says }: Check,
  found: Pick<Finding, 'subject' | 'about' | 'isRepaired'>,
): Finding {
  return { kind, says, ...found, paths: [] }
}

async function repair(session: RowSession, { repair: how }: Check, nowMs: number): Promise<void> {
  if (how === null) return
  if (typeof how === 'function') {
    await how(session, nowMs)
    return
  }
  for (const text of how) await session.run(text, text.includes('?') ? [nowMs] : [])
}
