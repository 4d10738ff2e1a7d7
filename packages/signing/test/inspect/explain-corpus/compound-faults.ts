/**
 * Two faults at once, with the key: each alone would already break the signature.
 */
import type { CauseCode } from '@hallpass/signing/explain'
import { NOW, withHeader, withUrl } from './case.ts'
import type { CaseInput, SentRequest } from './case.ts'
import type { Random } from './random.ts'
import { createS3Key, s3Sample } from './s3-samples.ts'

interface Change {
  readonly code: CauseCode
  readonly apply: (request: SentRequest) => SentRequest
}

const CHANGES: readonly Change[] = [
  { code: 'method-differs', apply: (request) => ({ ...request, method: 'POST' }) },
  {
    code: 'parameter-added',
    apply: (request) => withUrl(request, (url) => `${url}&versionId=17`),
  },
  {
    code: 'path-plus-for-space',
    apply: (request) => withUrl(request, (url) => url.replace('%20', '+')),
  },
  {
    code: 'path-trailing-slash',
    apply: (request) => withUrl(request, (url) => url.replace('?', '/?')),
  },
  { code: 'host-changed', apply: (request) => withHeader(request, 'Host', '10.1.2.3:9000') },
  {
    code: 'header-changed',
    apply: (request) => withHeader(request, 'Content-Type', 'text/csv;charset=UTF-8'),
  },
]

export interface CompoundCase {
  readonly codes: readonly CauseCode[]
  readonly input: CaseInput
}

/** Every pair of changes, and each together with a secret that has a line break at its end. */
export async function createCompoundCases(random: Random): Promise<CompoundCase[]> {
  const cases: CompoundCase[] = []
  for (const [index, first] of CHANGES.entries()) {
    for (const second of CHANGES.slice(index + 1)) {
      cases.push(await createCase(random, [first, second], false))
    }
    cases.push(await createCase(random, [first], true))
  }
  return cases
}

async function createCase(
  random: Random,
  changes: readonly Change[],
  hasBrokenSecret: boolean,
): Promise<CompoundCase> {
  const key = createS3Key(random)
  const { request } = await s3Sample(random, {
    sdk: 'aws-sdk',
    operation: 'PUT',
    objectKey: 'exports/my data.csv',
    contentType: 'text/csv',
    key: hasBrokenSecret ? { ...key, secret: `${key.secret}\n` } : key,
  })
  let broken = request
  for (const { apply } of changes) broken = apply(broken)
  const codes = changes.map(({ code }) => code)
  return {
    codes: hasBrokenSecret ? [...codes, 'secret-whitespace'] : codes,
    input: { request: broken, keys: [key], now: NOW },
  }
}
