/** Hallpass itself, started as `npm start` does. */
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import type { Contestant, ContestantOptions } from './contestant.ts'
import { HALLPASS, HALLPASS_2 } from './operations.ts'
import { createS3Contestant } from './s3-store.ts'

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}

export async function startHallpass(
  { folder, files }: ContestantOptions,
  workers: 1 | 2,
): Promise<Contestant> {
  const server = await startServerProcess({
    dataDir: folder,
    ...KEYS,
    workers,
    nodeArguments: (process.env['HALLPASS_BENCH_NODE_ARGUMENTS'] ?? '').split(' ').filter(Boolean),
  })
  return createS3Contestant({
    name: workers === 1 ? HALLPASS : HALLPASS_2,
    origin: server.origin,
    keys: KEYS,
    files,
    stop: async () => void (await server.stop()),
  })
}
