/** The cloud dialects in a runtime without `node:crypto`: a process of its own that hides it before anything loads. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { presignAzureBlob } from '../../src/azure.ts'
import { presignCloudFront } from '../../src/cloudfront.ts'
import { presignGcs } from '../../src/gcs.ts'
import { pemOf } from './cloud-support.ts'

const NOW = '2026-03-14T09:26:53Z'
const PRIVATE_KEY = pemOf('hallpass-test-rsa-2').private
const PUBLIC_KEY = pemOf('hallpass-test-rsa-2').public
const ACCOUNT_KEY = Buffer.from('an account key of some length').toString('base64')
const cloudFront = {
  url: 'https://h.test/a?b=1',
  keyPairId: 'K1',
  privateKey: PRIVATE_KEY,
  expiresInSeconds: 60,
  now: new Date(NOW),
}
const gcs = {
  key: { clientEmail: 'a@b.test', privateKey: PRIVATE_KEY },
  method: 'GET',
  bucket: 'bucket',
  object: 'a b',
  expiresInSeconds: 60,
  now: new Date(NOW),
}
const azure = {
  account: 'hallpasstest',
  accountKey: ACCOUNT_KEY,
  container: 'docs',
  blob: 'a b',
  permissions: 'r',
  expiresInSeconds: 60,
  now: new Date(NOW),
}

const SCRIPT = `
process.getBuiltinModule = undefined
const { options, publicKey, base } = JSON.parse(process.argv[1])
const load = (name) => import(new URL(name + '.ts', base))
const [cloudfront, gcs, azure] = await Promise.all(['cloudfront', 'gcs', 'azure'].map(load))
for (const option of Object.values(options)) option.now = new Date(option.now)
const codes = []
for (const sign of [() => cloudfront.presignCloudFront(options.cloudFront), () => gcs.presignGcs(options.gcs)]) {
  try { sign() } catch (error) { codes.push(error.code) }
}
const { url } = await cloudfront.presignCloudFrontAsync(options.cloudFront)
const request = { method: 'GET', target: url.slice('https://h.test'.length), headers: ['Host', 'h.test'] }
const now = options.cloudFront.now
const grant = await cloudfront.verifyCloudFrontAsync(request, { lookup: () => publicKey, now })
console.log(JSON.stringify({
  codes,
  cloudFront: url,
  covered: grant.url,
  gcs: (await gcs.presignGcsAsync(options.gcs)).url,
  azure: azure.presignAzureBlob(options.azure).url,
}))
`

test('without node:crypto the asynchronous calls and HMAC give the same, and the others say so', () => {
  const input = {
    options: { cloudFront, gcs, azure },
    publicKey: PUBLIC_KEY,
    base: new URL('../../src/', import.meta.url).href,
  }
  const output = execFileSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '--eval',
      SCRIPT,
      JSON.stringify(input),
    ],
    { encoding: 'utf8' },
  )
  assert.deepEqual(JSON.parse(output), {
    codes: ['sync-crypto-unavailable', 'sync-crypto-unavailable'],
    cloudFront: presignCloudFront(cloudFront).url,
    covered: cloudFront.url,
    gcs: presignGcs(gcs).url,
    azure: presignAzureBlob(azure).url,
  })
})
