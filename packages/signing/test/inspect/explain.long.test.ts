import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { ExplainKey } from '@hallpass/signing/explain'
import { addSeconds, NOW } from './explain-corpus/case.ts'
import { createCompoundCases } from './explain-corpus/compound-faults.ts'
import { createRandom } from './explain-corpus/random.ts'
import { accuracyOf, formatReport, runCorpus, SEED } from './explain-corpus/report.ts'
import { textsOf } from './explain-corpus/texts-of.ts'
import { s3Sample } from './explain-corpus/s3-samples.ts'

const outcomes = await runCorpus(SEED)

test('the corpus has at least 800 cases in at least 80 classes, the pains 1 to 24 among them', () => {
  assert.ok(outcomes.length >= 800)
  assert.ok(new Set(outcomes.map(({ entry }) => entry.fault.code)).size >= 80)
  const pains = new Set(outcomes.map(({ entry }) => entry.fault.pain))
  for (let pain = 1; pain <= 24; pain += 1) assert.ok(pains.has(pain), `pain ${pain}`)
})

test('the first cause named is right in at least 97 % of the corpus, and in every class in most cases', () => {
  assert.ok(accuracyOf(outcomes) >= 0.97)
  for (const [code, list] of Map.groupBy(outcomes, ({ entry }) => entry.fault.code)) {
    assert.ok(accuracyOf(list) >= 0.5, `${code}: ${accuracyOf(list)}`)
  }
})

test('it is as right on another seed', async () => {
  assert.ok(accuracyOf(await runCorpus(4711, 2)) >= 0.97)
})

test('two faults at once are both named, in at least nine of ten cases', async () => {
  const cases = await createCompoundCases(createRandom(SEED))
  const found = cases.filter(({ codes, input: { request, ...options } }) => {
    const first = explain(request, options)
      .causes.slice(0, 2)
      .map(({ code }) => code)
    return codes.every((code) => first.includes(code))
  })
  assert.ok(cases.length >= 20)
  assert.ok(found.length >= cases.length * 0.9, `${found.length} of ${cases.length}`)
})

test('the table in docs/explain-results.md is the one this run gives', () => {
  const file = new URL('../../../../docs/explain-results.md', import.meta.url)
  assert.equal(readFileSync(file, 'utf8'), formatReport(outcomes))
})

test('an input of the corpus holds neither the code nor the name of its fault', () => {
  for (const { entry } of outcomes) {
    const text = JSON.stringify(entry.input)
    assert.equal(text.includes(entry.fault.code), false, entry.id)
    assert.equal(text.includes(entry.fault.name), false, entry.id)
  }
})

test('faults whose answer comes from the reference server are refused by it', () => {
  const served = new Set([
    'content-type-unbound',
    'size-unbound',
    'cache-defeated',
    'cors-etag-not-exposed',
    'cors-headers-missing',
  ])
  for (const { entry } of outcomes) {
    const status = entry.input.response?.status
    if (status === undefined || served.has(entry.fault.code)) continue
    assert.ok(status >= 300, `${entry.id} ${entry.fault.name}: ${status}`)
  }
})

test('healthy requests of every SDK are valid with their key and have no cause but advice', async () => {
  const random = createRandom(5)
  for (let index = 0; index < 60; index += 1) {
    const { request, key } = await s3Sample(random, { operation: 'GET' })
    const { signature, causes } = explain(request, { keys: [key], now: NOW })
    assert.equal(signature, 'valid')
    assert.deepEqual(
      causes.map(({ code }) => code),
      ['nothing-found'],
    )
  }
})

function secretsOf(keys: readonly ExplainKey[] | undefined): string[] {
  return (keys ?? []).flatMap(({ secret, sessionToken }) => [secret, sessionToken].filter(isText))
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text.length > 3
}

const SECRET_VALUE =
  /(?:X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|[?&]sig|Signature|hmac|temp_url_sig|token|md5)=([^&~\s"]{16,})/g

test('no explanation shows a secret of a key, a signature, a token or a usable URL', () => {
  for (const { entry, explanation } of outcomes) {
    const { request, keys } = entry.input
    const texts = textsOf(explanation)
    const url = typeof request === 'string' ? request : request.url
    const values = [...url.matchAll(SECRET_VALUE)].flatMap(([, value = '']) => [
      value,
      decodeURIComponent(value.replaceAll(/%(?![0-9a-f]{2})/gi, '%25')),
    ])
    for (const secret of [...secretsOf(keys), ...values, url]) {
      assert.equal(texts.includes(secret), false, `${entry.id} ${entry.fault.name}`)
    }
  }
})

test('no explanation shows the signature that would have been right', async () => {
  const random = createRandom(11)
  for (let index = 0; index < 20; index += 1) {
    const { request, key } = await s3Sample(random)
    const right = /X-Amz-Signature=([0-9a-f]{64})/.exec(request.url)?.[1] ?? 'none'
    const broken = request.url.replace(right, '0'.repeat(64))
    const { causes } = explain({ ...request, url: broken }, { keys: [key], now: NOW })
    assert.equal(JSON.stringify(causes).includes(right), false)
  }
})

test('the clock is the one given, and the server’s time wins over it', async () => {
  const { request, expiresAt } = await s3Sample(createRandom(3), { operation: 'GET' })
  const early = explain(request, { now: addSeconds(expiresAt, -1) })
  assert.equal(
    early.causes.some(({ code }) => code === 'url-expired'),
    false,
  )
  const late = explain(request, { now: addSeconds(expiresAt, 1) })
  assert.equal(late.causes[0]?.code, 'url-expired')
  const server = {
    status: 403,
    headers: [['Date', addSeconds(expiresAt, 60).toUTCString()]] as [string, string][],
    body: '',
  }
  const corrected = explain(request, { now: addSeconds(expiresAt, -1), response: server })
  assert.equal(corrected.causes[0]?.code, 'url-expired')
  assert.throws(() => explain(request, { now: new Date(Number.NaN) }), RangeError)
})

test('the form for people names dialect, causes and fixes', async () => {
  const { request, key, expiresAt } = await s3Sample(createRandom(9), { operation: 'GET' })
  const text = formatExplanation(
    explain(request, { keys: [key], now: addSeconds(expiresAt, 3600) }),
  )
  assert.match(
    text,
    /^Dialect: s3\nSignature: fits the key, and the request is refused\n\n1\. The URL ended at 2036-/,
  )
  assert.match(text, /\n   Fix: /)
  assert.match(formatExplanation(explain('https://example.test/')), /^No known signature\./)
})
