/**
 * Tries uploads that must not be taken.
 *
 * @module
 */
import { findFile } from '../files/remote-files.ts'
import { attempt } from './findings.ts'
import type { Fault, Finding } from './findings.ts'
import { putProbe } from './probe-world.ts'
import type { ProbeWorld } from './probe-world.ts'

export async function probeUploads(world: ProbeWorld): Promise<Finding[]> {
  return Promise.all([
    attempt({
      item: 'upload-types',
      id: 'other-type',
      passed: 'An upload with another type than its link says is refused.',
      look: () =>
        findTaken(world, {
          terms: { contentType: 'image/png' },
          send: { 'content-type': 'text/html' },
        }),
    }),
    attempt({
      item: 'upload-sizes',
      id: 'too-large',
      passed: 'An upload that is larger than its link says is refused.',
      look: () => findTaken(world, { terms: { maxBytes: BODY.length - 1 }, send: {} }),
    }),
    attempt({
      item: 'upload-content',
      id: 'other-bytes',
      passed: 'An upload whose bytes are not those that were announced is refused.',
      look: () => findTakenBytes(world),
    }),
  ])
}

const BODY = '<script>alert(1)</script>'

interface Trial {
  readonly terms: Readonly<Record<string, unknown>>
  readonly send: Readonly<Record<string, string>>
}

async function findTaken(world: ProbeWorld, { terms, send }: Trial): Promise<Fault | null> {
  const path = `${world.bucket}/upload.bin`
  const { url, headers } = await world.link({ path, method: 'PUT', ...terms })
  const sent = { method: 'PUT', headers: { ...headers, ...send }, body: BODY }
  const answer = await fetch(url, { ...sent, redirect: 'manual' })
  await answer.body?.cancel()
  return answer.status < 400 ? taken(answer.status) : findStored(world, path)
}

async function findTakenBytes(world: ProbeWorld): Promise<Fault | null> {
  const path = `${world.bucket}/bytes.txt`
  const headers = { 'x-amz-content-sha256': '0'.repeat(64) }
  const answer = await putProbe(world.connection, path, headers)
  await answer.body?.cancel()
  return answer.status < 400 ? taken(answer.status) : findStored(world, path)
}

/** What was refused must not be there all the same. */
async function findStored({ connection }: ProbeWorld, path: string): Promise<Fault | null> {
  const file = await findFile(connection, path)
  return file === null ? null : taken(200)
}

function taken(status: number): Fault {
  return {
    found: `It was taken (${status}).`,
    remedy:
      'Hallpass refuses that itself: look at what stands before it, and whether it is Hallpass.',
  }
}
