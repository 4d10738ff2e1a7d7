/**
 * Runs `explain` over the corpus and tabulates how often the first cause it names is the right one.
 * `node --conditions=@hallpass/source packages/signing/test/tools/explain-corpus/report.ts` writes docs/explain-results.md.
 */
import { writeFileSync } from 'node:fs'
import { explain } from '@hallpass/signing/explain'
import type { Explanation } from '@hallpass/signing/explain'
import type { CorpusCase } from './case.ts'
import { createCorpus } from './corpus.ts'

/** The seed of the corpus that the table in the documentation is about. */
export const SEED = 20_360_314

/** One case with what came out. */
export interface Outcome {
  readonly entry: CorpusCase
  readonly explanation: Explanation
  readonly isRight: boolean
}

/** Explains every case of the corpus of that seed; `most` limits how many of each fault. */
export async function runCorpus(seed: number, most: number = Infinity): Promise<Outcome[]> {
  const cases = await createCorpus(seed, most)
  return cases.map((entry) => {
    // What goes in is the input alone: neither the fault nor the number of the case.
    const { request, ...options } = entry.input
    const explanation = explain(request, options)
    return { entry, explanation, isRight: explanation.causes[0]?.code === entry.fault.code }
  })
}

/** The share of right first causes, from 0 to 1. */
export function accuracyOf(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ isRight }) => isRight).length / outcomes.length
}

/** The table as Markdown. */
export function formatReport(outcomes: readonly Outcome[]): string {
  const byCode = Map.groupBy(outcomes, ({ entry }) => entry.fault.code)
  const right = outcomes.filter(({ isRight }) => isRight).length
  const percent = ((100 * right) / outcomes.length).toFixed(1)
  const rows = [...byCode]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, list]) => {
      const faults = new Set(list.map(({ entry }) => entry.fault.name)).size
      const pains = new Set(list.flatMap(({ entry }) => entry.fault.pain ?? []))
      const hits = list.filter(({ isRight }) => isRight).length
      const evidence = formatEvidence(list)
      return `| \`${code}\` | ${faults} | ${[...pains].toSorted((a, b) => a - b).join(', ')} | ${evidence} | ${list.length} | ${hits} |`
    })
  const misses = outcomes.filter(({ isRight }) => !isRight).map(formatMiss)
  return `${INTRODUCTION}
**${right} of ${outcomes.length} cases, ${percent} %**, in ${byCode.size} classes made by ${new Set(outcomes.map(({ entry }) => entry.fault)).size} ways of breaking.

| cause | ways | pains | URL only / key / answer / both | cases | named first |
|---|---|---|---|---|---|
${rows.join('\n')}

## Misses

${misses.length === 0 ? 'None with this seed.' : `| case | what was done | should be | named first | then |\n|---|---|---|---|---|\n${misses.join('\n')}`}
`
}

const INTRODUCTION = `# How often explain is right

Written by \`packages/signing/test/tools/explain-corpus/report.ts\`; a test compares it with a fresh run.
The corpus breaks requests that were signed by @aws-sdk/s3-request-presigner, @aws-sdk/s3-presigned-post, minio, aws4fetch,
@google-cloud/storage, @azure/storage-blob, @aws-sdk/cloudfront-signer and akamai-edgeauth (and, where a provider has no
library, by its documented algorithm), from a fixed seed at a fixed time. \`explain\` gets the request and, depending on the
case, the key, the provider's answer, both or neither; S3's answers come from a small server written apart from the library,
never from the name of the fault. A case counts as right if the first cause named is the fault that was made.
"Pains" are the complaints of users the fault was taken from, numbered in the test's sources.

What the figure does not say: rules and corpus were written by the same hands, so faults nobody thought of are in neither.

`

function formatEvidence(list: readonly Outcome[]): string {
  const counts = [0, 0, 0, 0]
  for (const { entry } of list) {
    const index =
      (entry.input.keys === undefined ? 0 : 1) + (entry.input.response === undefined ? 0 : 2)
    counts[index] = (counts[index] ?? 0) + 1
  }
  return counts.join(' / ')
}

function formatMiss({ entry, explanation }: Outcome): string {
  const [first, ...rest] = explanation.causes.map(({ code }) => `\`${code}\``)
  const { code, name } = entry.fault
  return `| ${entry.id} | ${name} | \`${code}\` | ${first ?? ''} | ${rest.slice(0, 2).join(', ')} |`
}

if (import.meta.main) {
  const file = new URL('../../../../../docs/explain-results.md', import.meta.url)
  writeFileSync(file, formatReport(await runCorpus(SEED)))
}
