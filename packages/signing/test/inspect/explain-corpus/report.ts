/**
 * Runs `explain` over the corpus and tabulates how often the first cause it names is the right one.
 * `node --conditions=@hallpass/source packages/signing/test/inspect/explain-corpus/report.ts` writes docs/explain-results.md.
 */
import { writeFileSync } from 'node:fs'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { CauseCode, Explanation } from '@hallpass/signing/explain'
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
    return { entry, explanation, isRight: firstNamed(explanation) === entry.fault.code }
  })
}

/** What is named first. Where nothing keeps the request from working, that is the advice. */
function firstNamed({ causes, advice }: Explanation): string | undefined {
  const [cause] = causes
  return cause?.code === 'nothing-found' ? (advice[0] ?? cause).code : cause?.code
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

## As people read it

What \`hallpass explain\` prints for the first case of some classes.

${SHOWN.map((code) => formatShown(code, byCode.get(code)?.[0])).join('\n')}
## Pains

${PAINS.map((pain, index) => `${index + 1}. ${pain}`).join('\n')}
`
}

const INTRODUCTION = `# How often explain is right

Written by \`packages/signing/test/inspect/explain-corpus/report.ts\`; a test compares it with a fresh run.
The corpus breaks requests that were signed by @aws-sdk/s3-request-presigner, @aws-sdk/s3-presigned-post, minio, aws4fetch,
@google-cloud/storage, @azure/storage-blob, @aws-sdk/cloudfront-signer and akamai-edgeauth (and, where a provider has no
library, by its documented algorithm), from a fixed seed at a fixed time. \`explain\` gets the request and, depending on the
case, the key, the provider's answer, both or neither; S3's answers come from a small server written apart from the library,
never from the name of the fault. A case counts as right if the first cause named is the fault that was made; three classes are
advice, which is read where no cause was found.
"Pains" are complaints that come up again and again in the issue trackers of SDKs and stores, listed at the end.

What the figure does not say: rules and corpus were written by the same hands, so faults nobody thought of are in neither.

`

/** The classes of which one case is printed whole. */
const SHOWN: readonly CauseCode[] = [
  'clock-ahead',
  'content-type-unbound',
  'host-changed',
  'key-mismatch',
  'key-not-given',
  'origin-refused',
  'path-plus-for-space',
  'secret-encoded',
  'session-token-ended',
  'url-truncated',
]

function formatShown(code: CauseCode, outcome: Outcome | undefined): string {
  if (outcome === undefined) throw new Error(`the corpus has no case of ${code}`)
  const { entry, explanation } = outcome
  return `\`${code}\`: ${entry.fault.name}\n\n\`\`\`text\n${formatExplanation(explanation)}\`\`\`\n`
}

const PAINS: readonly string[] = [
  'The SDK signs the checksum of an empty body into upload URLs.',
  'The SDK signs a checksum mode into download URLs that other stores refuse.',
  'A browser upload fails because the content type differs from the one signed.',
  'The content type given to the SDK is not signed, so any type can be uploaded.',
  'Object names with blanks, pluses, brackets, percent signs or non-ASCII letters fail.',
  'The signer signs %20 and writes a plus into the query.',
  'A CloudFront signer encodes the URL around signing, and policy and URL differ.',
  'Download names with quotes, stars or brackets break the link.',
  'A link of a week dies within hours with the role that signed it.',
  'The bucket is in another region than the signer was told.',
  'Links fail only behind a proxy or CDN: host, port or path prefix changed.',
  'A console hands out links to its inner address.',
  'A console signs share links with its own session, which ends soon.',
  'The server applies the clock rule for headers to URLs.',
  'A fresh link is refused because the signer’s clock runs ahead.',
  'The browser may not read the ETag of an uploaded part.',
  'The server asks preflight requests for a signature.',
  'An error without CORS headers shows as a CORS error.',
  'HEAD on a link for GET is refused.',
  'Each rendering makes a new URL, so nothing is cached.',
  'Nothing limits the size of an upload.',
  'Long uploads outlive their URLs, and large ones exceed a single PUT.',
  'Links cannot be revoked or used once, and previews use them up.',
  'Signatures stand in logs, and hidden ones are copied from there.',
]

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
