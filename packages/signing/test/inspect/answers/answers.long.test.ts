import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { explain } from '@hallpass/signing/explain'
import type { ExplainableResponse, Explanation } from '@hallpass/signing/explain'
import { AZURE_ANSWERS } from '../../../src/inspect/answers/azure-answers.ts'
import { GCS_ANSWERS } from '../../../src/inspect/answers/gcs-answers.ts'
import { S3_ANSWERS } from '../../../src/inspect/answers/s3-answers.ts'
import { NOW } from '../explain-corpus/case.ts'
import { cloudFrontSample, nginxSample } from '../explain-corpus/other-samples.ts'
import { azureSample } from '../explain-corpus/azure-samples.ts'
import { gcsSample } from '../explain-corpus/other-samples.ts'
import { createRandom } from '../explain-corpus/random.ts'
import { s3Sample } from '../explain-corpus/s3-samples.ts'
import type { Sample } from '../explain-corpus/case.ts'
import { formatAnswersPage } from './answers-page.ts'

const random = createRandom(77)
const SAMPLES: Readonly<Record<string, Sample>> = {
  s3: await s3Sample(random, { operation: 'GET' }),
  gcs: await gcsSample(random),
  azure: azureSample(random),
  cloudfront: cloudFrontSample(random),
  nginx: nginxSample(random, '$secure_link_expires$uri SECRET'),
}

function answer(dialect: string, response: ExplainableResponse, isKeyed = true): Explanation {
  const sample = SAMPLES[dialect]
  assert.ok(sample !== undefined)
  const { request, key } = sample
  return explain(request, { response, now: NOW, ...(isKeyed ? { keys: [key] } : {}) })
}

function xml(code: string, more = ''): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Not this time.</Message>${more}</Error>`
}

const TABLES = { s3: S3_ANSWERS, gcs: GCS_ANSWERS, azure: AZURE_ANSWERS }

for (const [dialect, answers] of Object.entries(TABLES)) {
  test(`every code in the table of ${dialect} names its cause first and is quoted, with a key and without`, () => {
    for (const [code, [cause, advice]] of Object.entries(answers)) {
      for (const isKeyed of [true, false]) {
        const { causes } = answer(dialect, { status: 400, body: xml(code) }, isKeyed)
        assert.equal(causes[0]?.code, cause, `${code}: ${causes.map((one) => one.code).join()}`)
        if (causes[0]?.evidence?.includes(';') === true) {
          assert.ok(causes[0].evidence.includes(advice.slice(0, 40)), code)
        }
        assert.ok(causes[0]?.evidence?.includes(code), code)
      }
    }
  })
}

test('the tables hold more than 200 codes', () => {
  const count = Object.values(TABLES).flatMap((answers) => Object.keys(answers)).length
  assert.ok(count > 200, String(count))
})

test('a code nobody knows is quoted with its message', () => {
  for (const dialect of Object.keys(SAMPLES)) {
    const { causes } = answer(dialect, { status: 400, body: xml('FluxCapacitorEmpty') })
    assert.equal(causes[0]?.code, 'answer-unknown', dialect)
    assert.match(causes[0]?.evidence ?? '', /400 FluxCapacitorEmpty: Not this time/)
  }
})

test('a header or parameter the answer names is named', () => {
  const missing = answer('azure', {
    status: 400,
    body: xml('MissingRequiredHeader', '<HeaderName>x-ms-page-write</HeaderName>'),
  })
  assert.match(missing.causes[0]?.what ?? '', /x-ms-page-write/)
  const value = answer('azure', {
    status: 400,
    headers: [['x-ms-error-code', 'InvalidQueryParameterValue']],
    body: xml('InvalidQueryParameterValue', '<QueryParameterName>comp</QueryParameterName>'),
  })
  assert.match(value.causes[0]?.what ?? '', /comp/)
})

test('valid by the key and still refused has an answer of its own, and nobody is told to give the key', () => {
  const refusals: readonly ExplainableResponse[] = [
    { status: 403, body: '' },
    { status: 403, headers: [['Server', 'nginx']], body: '<html><h1>403 Forbidden</h1></html>' },
  ]
  for (const dialect of Object.keys(SAMPLES)) {
    for (const response of refusals) {
      if (dialect === 'cloudfront' && response.headers !== undefined) continue
      const { signature, causes } = answer(dialect, response)
      assert.equal(signature, 'valid', dialect)
      assert.equal(causes[0]?.code, 'refused-though-valid', dialect)
    }
  }
  const mismatch = { status: 403, body: xml('SignatureDoesNotMatch') }
  const { causes } = answer('s3', mismatch)
  assert.equal(causes[0]?.code, 'refused-though-valid')
  assert.equal(JSON.stringify(causes).includes('with the key'), false)
})

test('what the origin behind CloudFront answers is told from what CloudFront answers', () => {
  const ofS3 = xml('AccessDenied', '<RequestId>1</RequestId><HostId>2</HostId>')
  for (const response of [
    { status: 403, headers: [['Server', 'AmazonS3']] as [string, string][], body: ofS3 },
    {
      status: 403,
      headers: [['Server', 'openresty']] as [string, string][],
      body: '<html>no</html>',
    },
  ]) {
    assert.equal(answer('cloudfront', response).causes[0]?.code, 'origin-refused')
  }
  const own = {
    status: 403,
    headers: [['Server', 'CloudFront']] as [string, string][],
    body: xml('AccessDenied'),
  }
  assert.equal(answer('cloudfront', own, false).causes[0]?.code, 'signature-mismatch')
})

test('pages of web servers are read by status and text', () => {
  const pages: readonly (readonly [status: number, body: string, cause: string])[] = [
    [
      404,
      '<center><h1>404 Not Found</h1></center><hr><center>nginx/1.27</center>',
      'object-missing',
    ],
    [410, '<center><h1>410 Gone</h1></center><hr><center>nginx</center>', 'url-expired'],
    [413, '<h1>413 Request Entity Too Large</h1>', 'entity-too-large'],
    [414, '<h1>414 Request-URI Too Large</h1>', 'url-too-long'],
    [
      400,
      '<h1>400 Bad Request</h1><center>Request Header Or Cookie Too Large</center>',
      'url-too-long',
    ],
    [502, '<h1>502 Bad Gateway</h1>', 'provider-busy'],
    [504, '', 'provider-busy'],
    [429, '', 'provider-busy'],
    [403, '<h1>Sorry, you have been blocked</h1>', 'network-refused'],
    [411, '', 'body-incomplete'],
    [416, '', 'range-wrong'],
  ]
  for (const [status, body, cause] of pages) {
    for (const dialect of ['nginx', 's3']) {
      const { causes } = answer(dialect, { status, body })
      assert.equal(causes[0]?.code, cause, `${dialect} ${status}`)
    }
  }
})

test('docs/explain-answers.md is the page these tables give', () => {
  const file = new URL('../../../../../docs/explain-answers.md', import.meta.url)
  assert.equal(readFileSync(file, 'utf8'), formatAnswersPage())
})

const WORDED: readonly (readonly [dialect: string, code: string, words: string, cause: string])[] =
  [
    [
      's3',
      'AuthorizationQueryParametersError',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      'parameter-missing',
    ],
    [
      's3',
      'AuthorizationQueryParametersError',
      'Invalid credential date "20260313". This date is not the same as X-Amz-Date: "20260314".',
      'scope-date-mismatch',
    ],
    [
      's3',
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be non-negative',
      'parameter-malformed',
    ],
    ['s3', 'AuthorizationQueryParametersError', 'Something new about it.', 'parameter-malformed'],
    ['azure', 'AuthenticationFailed', 'se is mandatory. Cannot be empty', 'parameter-missing'],
    ['azure', 'AuthenticationFailed', 'Signature fields not well formed.', 'parameter-malformed'],
    [
      'azure',
      'AuthenticationFailed',
      'Signed expiry time [a] must be after signed start time [b]',
      'parameter-malformed',
    ],
    [
      'azure',
      'AuthenticationFailed',
      'Signature not valid in the specified time frame: Start [Fri, 14 Mar 2036 09:00:00 GMT] - Expiry [Fri, 14 Mar 2036 09:20:00 GMT] - Current [Fri, 14 Mar 2036 09:27:53 GMT]',
      'url-expired',
    ],
    [
      'azure',
      'AuthenticationFailed',
      'Signature not valid in the specified time frame: Start [Fri, 14 Mar 2036 10:00:00 GMT] - Expiry [Fri, 14 Mar 2036 11:00:00 GMT] - Current [Fri, 14 Mar 2036 09:27:53 GMT]',
      'url-not-yet-valid',
    ],
  ]

for (const [dialect, code, words, cause] of WORDED) {
  test(`${code} is read by its words: ${words.slice(0, 60)}`, () => {
    const element = dialect === 'azure' ? 'AuthenticationErrorDetail' : 'Message'
    const body = `<Error><Code>${code}</Code><${element}>${words}</${element}></Error>`
    const { causes } = answer(dialect, { status: 400, body }, false)
    assert.equal(causes[0]?.code, cause)
  })
}
