/**
 * Runs the vectors inside of a runtime that has no files and perhaps nothing of Node. esbuild makes one script of this, the
 * runner, the built library and the vectors: see portable-bundle.ts.
 */
import { withAsyncTwins } from '../../vectors/runner/async-twins.ts'
import type { VectorFileData } from '../../vectors/runner/read-vector-files.ts'
import type { VectorResults } from '../../vectors/runner/run-vectors.ts'
import { describeFailures, runVectors } from '../../vectors/runner/run-vectors.ts'
import { createVectorKeys } from '../../vectors/runner/vector-keys.ts'

/** What came of it, as data that passes out of the runtime. */
export interface PortableOutcome {
  readonly hasNodeCrypto: boolean
  readonly passed: number
  /** Checks of Signature Version 4A at once, which needs `node:crypto`; those of the asynchronous twin are never left out. */
  readonly leftOut: number
  /** A line for each failure. */
  readonly failures: readonly string[]
}

type Failure = VectorResults['failures'][number]

export async function runPortably(
  data: readonly VectorFileData[],
  entries: Readonly<Record<string, unknown>>,
): Promise<PortableOutcome> {
  const hasNodeCrypto = findNodeCrypto()
  const files = data.map((file) => ({ ...file, keys: createVectorKeys(file.keys) }))
  const loadEntry = (name: string): Promise<unknown> => Promise.resolve(entries[name])
  const results = await runVectors(files, hasNodeCrypto ? loadEntry : withAsyncTwins(loadEntry))
  const mayBeLeftOut = (failure: Failure): boolean => !hasNodeCrypto && isOfVersion4A(failure)
  return {
    hasNodeCrypto,
    passed: results.passed,
    leftOut: results.failures.filter(mayBeLeftOut).length,
    failures: [
      ...results.unknown.map((path) => `unknown: ${path}`),
      ...describeFailures({
        ...results,
        failures: results.failures.filter((failure) => !mayBeLeftOut(failure)),
      }),
    ],
  }
}

/** As the library looks for it. */
function findNodeCrypto(): boolean {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?: (name: string) => unknown }
  }
  return process?.getBuiltinModule?.('node:crypto') !== undefined
}

function isOfVersion4A({ file, name, error }: Failure): boolean {
  return (
    file.includes('sigv4a') &&
    !name.endsWith('waiting') &&
    error instanceof Error &&
    ('code' in error ? error.code === 'sync-crypto-unavailable' : false)
  )
}
