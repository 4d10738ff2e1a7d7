/** The SeaweedFS that the tests of this process share; it starts when it is asked for first, and ends with the process. */
import process from 'node:process'
import { startSeaweed, whyNoSeaweed } from './seaweed.ts'
import type { Seaweed } from './seaweed.ts'

let seaweed: Promise<Seaweed> | null = null

/** Throws where none can be had: who asks for it by name does not want its tests left out. */
export async function seaweedOfProcess(): Promise<Seaweed> {
  const reason = whyNoSeaweed()
  if (reason !== false) throw new Error(reason)
  seaweed ??= startForProcess()
  return seaweed
}

async function startForProcess(): Promise<Seaweed> {
  const started = await startSeaweed()
  // Nothing else keeps a test file from ending.
  started.unref()
  process.once('exit', () => started.kill())
  return started
}
