/** Runs on threads of its own: the digests of large bodies (digest-threads.ts). */
import { parentPort, workerData } from 'node:worker_threads'
import { serveBytes } from '../../platform/serve-bytes.ts'
import { CHECKSUM_ALGORITHMS, loadChecksums } from './checksums.ts'
import { createDigests } from './running-digests.ts'

if (parentPort === null) throw new Error('This file is run as a thread.')
await loadChecksums(CHECKSUM_ALGORITHMS)
serveBytes(parentPort, workerData as SharedArrayBuffer, createDigests)
