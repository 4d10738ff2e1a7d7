/**
 * What was seen of a bucket, as people read it.
 *
 * @module
 */
import type { BucketFinding, BucketLook } from '@hallpass/server'
import { printable } from '../output.ts'

const MARKS: Readonly<Record<BucketFinding['status'], string>> = {
  passed: 'passed',
  advice: 'advice',
  failed: 'FAILED',
  unknown: 'unknown',
}

/** `isWhole`: with what was seen of what passed, too. */
export function formatLook(
  { name, findings }: BucketLook,
  { isWhole }: { readonly isWhole: boolean },
): string {
  const lines = findings.map((finding) => formatFinding(finding, isWhole)).join('')
  return `${name}\n\n${lines}\n${summarize(findings)}\n`
}

function formatFinding(finding: BucketFinding, isWhole: boolean): string {
  const { id, status, found, means, remedy, command } = finding
  const head = `${MARKS[status].padEnd(7)}  ${id.padEnd(20)}  ${printable(found)}\n`
  const more = [
    ...(status === 'passed' && !isWhole ? [] : [means]),
    ...(remedy === null ? [] : [`mend: ${remedy}`]),
    ...(command === null ? [] : [command]),
  ]
  return head + more.map((line) => `         ${printable(line)}\n`).join('')
}

function summarize(findings: readonly BucketFinding[]): string {
  const count = (wanted: BucketFinding['status']): number =>
    findings.filter(({ status }) => status === wanted).length
  return `${count('passed')} passed, ${count('advice')} with advice, ${count('failed')} failed, ${count('unknown')} not known`
}
