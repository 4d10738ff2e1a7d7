/** Version 4A in a runtime without `node:crypto`: a process of its own that hides it before anything loads. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { presignS3, verifyS3 } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, REGION, toRequest } from './support.ts'

const OPTIONS = {
  bucket: 'reports',
  key: 'a b',
  endpoint: `https://${HOST}`,
  region: REGION,
  credentials: CREDENTIALS,
  method: 'GET',
  regionSet: '*',
  expiresInSeconds: 60,
}

const SCRIPT = `
process.getBuiltinModule = undefined
const { presignS3, presignS3Async, signS3HeadersAsync, verifyS3, verifyS3Async } = await import('@hallpass/signing/s3')
const { options, now: text, request } = JSON.parse(process.argv[1])
const now = new Date(text)
const key = options.credentials
const rules = { region: options.region, now, allowSigV4A: true, lookup: () => key }
const codeOf = async (action) => {
  try { await action(); return 'none' } catch (error) { return error.code ?? String(error) }
}
const presigned = await presignS3Async({ ...options, now })
const { expiresInSeconds: _life, ...unlimited } = options
const signed = await signS3HeadersAsync({ ...unlimited, now })
const headers = ['Host', new URL(signed.url).host, ...Object.entries(signed.headers).flat()]
const { pathname, search } = new URL(signed.url)
const own = { method: 'GET', target: pathname + search, headers }
console.log(JSON.stringify({
  presigned: presigned.url,
  kinds: [
    (await verifyS3Async(request, rules)).kind,
    (await verifyS3Async(own, rules)).kind,
  ],
  codes: [
    await codeOf(() => verifyS3Async({ ...request, method: 'PUT' }, rules)),
    await codeOf(() => verifyS3Async({ ...own, target: own.target + '?x=1' }, rules)),
    await codeOf(() => verifyS3(request, rules)),
    await codeOf(() => presignS3({ ...options, now })),
  ],
}))
`

test('signatures for several regions are made and verified over WebCrypto, and Node takes them', () => {
  const request = toRequest(presignS3({ ...OPTIONS, now: NOW }))
  const input = JSON.stringify({ options: OPTIONS, now: NOW, request })
  const output = execFileSync(
    process.execPath,
    ['--conditions=@hallpass/source', '--input-type=module', '--eval', SCRIPT, input],
    { encoding: 'utf8', cwd: import.meta.dirname },
  )
  const { presigned, kinds, codes } = JSON.parse(output) as {
    presigned: string
    kinds: string[]
    codes: string[]
  }
  assert.deepEqual(kinds, ['query', 'header'])
  assert.deepEqual(codes, [
    'signature-mismatch',
    'signature-mismatch',
    'sync-crypto-unavailable',
    'sync-crypto-unavailable',
  ])
  const { pathname, search, host } = new URL(presigned)
  const made = { method: 'GET', target: pathname + search, headers: ['Host', host] }
  const rules = { region: REGION, now: NOW, allowSigV4A: true, lookup: () => CREDENTIALS }
  assert.equal(verifyS3(made, rules).path, '/reports/a b')
})
