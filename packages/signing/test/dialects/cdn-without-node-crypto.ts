/**
 * Runs in a worker. Hides `node:crypto` before the library is loaded, then signs and verifies every sample and
 * every synchronous call that needs public-key cryptography or AES, and posts what came of it.
 */
import { parentPort } from 'node:worker_threads'

/** What the worker answers. */
export interface WorkerAnswer {
  readonly hasNodeCrypto: boolean
  readonly signed: readonly (readonly [name: string, signed: string])[]
  readonly verified: readonly (readonly [name: string, verified: unknown])[]
  /** Codes of the errors of the synchronous twins. */
  readonly syncCodes: readonly unknown[]
}

Reflect.deleteProperty(process, 'getBuiltinModule')
const { nodeCrypto } = await import('../../src/lib/runtime-crypto.ts')
const { makeSamples } = await import('./cdn-samples.ts')
const { decryptEdgioToken } = await import('../../src/edgio.ts')
const { presignMediaCdn } = await import('../../src/media-cdn.ts')

function codeOf(call: () => unknown): unknown {
  try {
    call()
    return 'no error'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

const samples = await makeSamples()
const answer: WorkerAnswer = {
  hasNodeCrypto: nodeCrypto !== null,
  signed: samples.map(({ name, signed }) => [name, signed]),
  verified: await Promise.all(
    samples.map(async ({ name, request, verify }) => [name, await verify(request)] as const),
  ),
  syncCodes: [
    codeOf(() =>
      presignMediaCdn({
        keyName: 'key-1',
        key: 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE=',
        url: 'https://media.example.test/',
        expiresAt: new Date('2026-03-14T10:00:00Z'),
      }),
    ),
    codeOf(() => decryptEdgioToken('A'.repeat(60), { keys: ['key'] })),
  ],
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has none
parentPort?.postMessage(answer)
