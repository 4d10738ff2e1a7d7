/** The checklist, answered for this server as it is now. */
import type { CoreContext } from '../context.ts'
import type { Permit } from '../policy/permit.ts'
import { CHECKLIST } from './checklist.ts'
import type { CheckStatus, Finding } from './checklist.ts'
import { readFacts } from './facts.ts'
import type { ChecklistFacts, InstanceSettings } from './facts.ts'
import { judgeKeys } from './judge-keys.ts'
import { judgeLives } from './judge-lives.ts'
import { judgeOpenness } from './judge-openness.ts'
import { judgeUploads } from './judge-uploads.ts'
import { judgeWatching } from './judge-watching.ts'

export interface AnsweredItem {
  readonly id: string
  /** 1 to 17, or `null` of what came on top. */
  readonly number: number | null
  readonly title: string
  /** The worst that was found. What the server keeps to whatever is set has nothing to find. */
  readonly status: CheckStatus
  readonly findings: readonly Finding[]
}

export async function answerChecklist(
  core: CoreContext,
  permit: Permit<'admin'>,
  settings: InstanceSettings,
): Promise<AnsweredItem[]> {
  return judge(await readFacts(core, permit, settings))
}

/** Every item, in order. Pure. */
export function judge(facts: ChecklistFacts): AnsweredItem[] {
  const findings = [judgeLives, judgeKeys, judgeWatching, judgeUploads, judgeOpenness].flatMap(
    (part) => part(facts),
  )
  return CHECKLIST.map(({ id, number, title }) => {
    const own = findings.filter(({ item }) => item === id)
    return { id, number, title, status: worstOf(own), findings: own }
  })
}

function worstOf(findings: readonly Finding[]): CheckStatus {
  const isThere = (status: CheckStatus): boolean => findings.some((one) => one.status === status)
  if (isThere('failed')) return 'failed'
  return isThere('advice') ? 'advice' : 'passed'
}
