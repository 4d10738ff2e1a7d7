/** The vectors of `vectors/`, changed bit by bit: nothing that is signed may be changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isTamperCheck } from '../../../vectors/runner/family.ts'
import { readVectorFiles } from '../../../vectors/runner/read-vector-files.ts'
import { tryEverything } from '../../../vectors/runner/refusals.ts'
import { describeFailures, runVectors } from '../../../vectors/runner/run-vectors.ts'

// These hold requests to refuse, or are changed as they are verified.
const CHANGED_ELSEWHERE = /^(?:derived|official\/aws)\/|^sdk\/s3-post\.json$/

// Runtimes take a part of it (npm run runtimes); here nothing is left out.
tryEverything()

const VECTORS = fileURLToPath(new URL('../../../vectors', import.meta.url))

for (const file of readVectorFiles(VECTORS)) {
  if (CHANGED_ELSEWHERE.test(file.path)) continue
  test(`no changed vector of ${file.path} is taken`, async () => {
    const results = await runVectors([file], (name) => import(`../src/${name}.ts`), isTamperCheck)
    assert.deepEqual(describeFailures(results), [])
    assert.ok(results.passed > 0)
  })
}
