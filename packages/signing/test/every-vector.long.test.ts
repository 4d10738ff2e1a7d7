/** Every vector of `vectors/`, signed again and verified. That no changed one is taken is proved in vectors.long.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isTamperCheck } from '../../../vectors/runner/family.ts'
import { readVectorFiles } from '../../../vectors/runner/read-vector-files.ts'
import { describeFailures, runVectors } from '../../../vectors/runner/run-vectors.ts'

const VECTORS = fileURLToPath(new URL('../../../vectors', import.meta.url))
const files = readVectorFiles(VECTORS)

test('there are vectors of every kind', () => {
  assert.deepEqual(
    files.map(({ path }) => path),
    [
      'derived/azure-verify.json',
      'derived/cloudfront-matching.json',
      'derived/gcs-verify.json',
      'derived/s3-chunked.json',
      'derived/s3-header-verify.json',
      'derived/s3-query-verify.json',
      'official/aws/aws-sigv4-test-suite.json',
      'official/aws/aws-sigv4a-test-suite.json',
      'official/aws/s3-documented-examples.json',
      'official/gcs/v4_signatures.json',
      'official/google-cdn/sample-tests.json',
      'official/nginx/secure-link-documented.json',
      'official/swift/tempurl-documented.json',
      'sdk/azure-sas.json',
      'sdk/cdn-tokens.json',
      'sdk/cloudfront.json',
      'sdk/further-schemes.json',
      'sdk/gcs-v4.json',
      'sdk/s3-post.json',
      'sdk/s3-presign.json',
    ],
  )
})

for (const file of files) {
  test(`the library agrees with every vector of ${file.path}`, async () => {
    const results = await runVectors(
      [file],
      (name) => import(`../src/${name}.ts`),
      (check) => !isTamperCheck(check),
    )
    assert.deepEqual(describeFailures(results), [])
    assert.deepEqual(results.unknown, [])
    assert.ok(results.passed >= 4, `${results.passed} checks`)
  })
}
