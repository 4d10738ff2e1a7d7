/** Vectors of Amazon's signatures: its own suites, its documentation's examples, what SDKs made, requests to refuse. */
import { runDocumentedExamples } from './aws-documented.ts'
import { runDerivedRequests } from './aws-derived.ts'
import { runPostForms } from './aws-post.ts'
import { runPresignedUrls } from './aws-presign.ts'
import type { Check, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf } from './family.ts'
import type { S3Library } from './s3-library.ts'
import { runSignatureSuite } from './aws-suite.ts'

type Runner = (content: unknown, library: S3Library, check: Check) => Promise<void>

function runnerFor({ content }: VectorFile): Runner | null {
  const cases = listOf(content, 'cases')
  if (cases.some((entry) => 'requestRaw' in entry)) return runSignatureSuite
  if (listOf(content, 'examples').some((entry) => 'doc' in entry)) return runDocumentedExamples
  const [vector] = listOf(content, 'vectors')
  if (vector === undefined) return null
  const { expect, server, sign } = vector
  if (isRecord(sign) && sign['service'] === 's3' && 'secretAccessKey' in sign) {
    return runPresignedUrls
  }
  if (isRecord(sign) && 'scope' in sign && 'secretAccessKey' in sign) return runPostForms
  if (isRecord(server) && 'secretAccessKey' in server && isRecord(expect)) {
    return runDerivedRequests
  }
  return null
}

export const aws: VectorFamily = {
  name: 'aws',
  accepts: (file) => runnerFor(file) !== null,
  async run(file, loadEntry, check) {
    const library = (await loadEntry('s3')) as S3Library
    await runnerFor(file)?.(file.content, library, check)
  },
}
