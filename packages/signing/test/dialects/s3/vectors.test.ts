import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aws } from '../../../../../scripts/vectors/aws.ts'
import { readVectorFiles } from '../../../../../scripts/vectors/run.ts'

const files = readVectorFiles('vectors').filter((file) => aws.accepts(file))

test('there are vectors of every kind', () => {
  assert.deepEqual(
    files.map(({ path }) => path),
    [
      'derived/s3-chunked.json',
      'derived/s3-header-verify.json',
      'derived/s3-query-verify.json',
      'official/aws/aws-sigv4-test-suite.json',
      'official/aws/aws-sigv4a-test-suite.json',
      'official/aws/s3-documented-examples.json',
      'sdk/s3-post.json',
      'sdk/s3-presign.json',
    ],
  )
})

for (const file of files) {
  test(`the library agrees with every vector of ${file.path}`, async () => {
    const failures: string[] = []
    let passed = 0
    await aws.run(
      file,
      (name) => import(`../../../src/${name}.ts`),
      async (name, action) => {
        try {
          await action()
          passed += 1
        } catch (error) {
          failures.push(`${name}: ${String(error)}`)
        }
      },
    )
    assert.deepEqual(failures, [])
    assert.ok(passed >= 8, `${passed} checks`)
  })
}
