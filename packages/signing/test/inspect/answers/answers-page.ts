/**
 * The page docs/explain-answers.md, written from the tables.
 * `node --conditions=@hallpass/source packages/signing/test/inspect/answers/answers-page.ts` writes it.
 */
import { writeFileSync } from 'node:fs'
import { AZURE_ANSWERS } from '../../../src/inspect/answers/azure-answers.ts'
import { CLOUDFRONT_ANSWERS } from '../../../src/inspect/answers/cloudfront-answers.ts'
import { GCS_ANSWERS } from '../../../src/inspect/answers/gcs-answers.ts'
import type { KnownAnswers } from '../../../src/inspect/answers/known-answers.ts'
import { S3_ANSWERS } from '../../../src/inspect/answers/s3-answers.ts'

const PARTS: readonly (readonly [title: string, answers: KnownAnswers])[] = [
  ['S3, R2, MinIO, Backblaze B2 and others of the kind', S3_ANSWERS],
  ['Google Cloud Storage', GCS_ANSWERS],
  ['Azure Storage', AZURE_ANSWERS],
  ['CloudFront', CLOUDFRONT_ANSWERS],
]

const INTRODUCTION = `# What providers answer

Every code below that a provider sends is named before anything is guessed, with its cause (in [explain.md](explain.md)) and what
to do. Codes whose meaning hangs on the wording (\`AccessDenied\`, \`AuthenticationFailed\`, \`SignatureDoesNotMatch\` and a few others)
are read by their message instead. A code in no table is quoted as \`answer-unknown\`. Pages of web servers and CDNs without a code
are read by their status and their text.
`

export function formatAnswersPage(): string {
  const parts = PARTS.map(([title, answers]) => {
    const rows = Object.entries(answers).map(
      ([code, [cause, advice]]) =>
        `| \`${code}\` | \`${cause}\` | ${advice.replaceAll('|', '\\|')} |`,
    )
    return `\n## ${title}\n\n| answer | cause | what to do |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  return INTRODUCTION + parts.join('')
}

if (import.meta.main) {
  const file = new URL('../../../../../docs/explain-answers.md', import.meta.url)
  writeFileSync(file, formatAnswersPage())
}
