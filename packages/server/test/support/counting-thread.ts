/** The thread of digests, which also says how many streams it has besides, and ends when it is told to. */
import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import type { ChecksumAlgorithm } from '../../src/catalog/records.ts'
import { CHECKSUM_ALGORITHMS, loadChecksums } from '../../src/core/files/checksums.ts'
import { createDigests } from '../../src/core/files/running-digests.ts'
import type { Digests } from '../../src/core/files/running-digests.ts'
import { serveBytes } from '../../src/platform/serve-bytes.ts'
import type { ByteWork } from '../../src/platform/serve-bytes.ts'

export type CountingTask = readonly ChecksumAlgorithm[] | 'count' | 'exit' | 'throw'
export type CountingResult = Digests | number

function begin(task: CountingTask): ByteWork<CountingResult> {
  if (task === 'exit') process.exit(3)
  if (task === 'throw') throw new Error('the thread broke')
  if (task !== 'count') return createDigests(task)
  return { update: () => undefined, finish: () => streams.size }
}

if (parentPort === null) throw new Error('This file is run as a thread.')
await loadChecksums(CHECKSUM_ALGORITHMS)
const streams = serveBytes(parentPort, workerData as SharedArrayBuffer, begin)
