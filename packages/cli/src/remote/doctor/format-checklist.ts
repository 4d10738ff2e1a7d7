/**
 * The checklist as people read it.
 *
 * @module
 */
import { printable } from '../../output.ts'
import { CHECKLIST_ITEMS } from './checklist-items.ts'
import type { ItemId } from './checklist-items.ts'
import type { Finding, Status } from './findings.ts'

export interface CheckedItem {
  readonly id: ItemId
  readonly number: number | null
  readonly title: string
  /** The worst that was found; `skipped` where nothing was looked at. */
  readonly status: Status
  readonly findings: readonly Finding[]
}

/** Every item in order, with what was found of it. */
export function gather(findings: readonly Finding[]): CheckedItem[] {
  return CHECKLIST_ITEMS.map(({ id, number, title }) => {
    const own = findings.filter(({ item }) => item === id)
    return { id, number, title, status: worstOf(own), findings: own }
  })
}

const WORST_FIRST: readonly Status[] = ['failed', 'advice', 'passed']

function worstOf(findings: readonly Finding[]): Status {
  return WORST_FIRST.find((status) => findings.some((one) => one.status === status)) ?? 'skipped'
}

const MARKS: Readonly<Record<Status, string>> = {
  passed: 'passed',
  advice: 'advice',
  failed: 'FAILED',
  skipped: 'skipped',
}

/** `isWhole`: with what passed, too. */
export function formatChecklist(
  items: readonly CheckedItem[],
  { isWhole }: { readonly isWhole: boolean },
): string {
  return `${items.map((item) => formatItem(item, isWhole)).join('')}\n${summarize(items)}\n`
}

function formatItem({ number, title, status, findings }: CheckedItem, isWhole: boolean): string {
  const head = `${MARKS[status].padEnd(7)}  ${String(number ?? '').padStart(2)}  ${title}\n`
  const shown = findings.filter((one) => isWhole || one.status !== 'passed')
  return head + shown.map(formatFinding).join('')
}

function formatFinding({ status, found, remedy }: Finding): string {
  const mark = status === 'passed' ? 'ok: ' : ''
  const mend = remedy === null ? '' : `             mend: ${printable(remedy)}\n`
  return `             ${mark}${printable(found)}\n${mend}`
}

function summarize(items: readonly CheckedItem[]): string {
  const count = (status: Status): number => items.filter((item) => item.status === status).length
  return `${count('passed')} passed, ${count('advice')} with advice, ${count('failed')} failed, ${count('skipped')} not tried`
}
