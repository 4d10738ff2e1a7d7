/**
 * A bucket with one small file, with which is tried what links do; everything goes again.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { ServerRefusal, callServer } from '../call-server.ts'
import type { Call } from '../call-server.ts'
import { CliError } from '../../io.ts'
import type { Connection } from '../connection.ts'
import { listOf, readNothing, textOf } from '../read-shape.ts'
import { Untried } from './findings.ts'

export const PROBE_TEXT = 'hallpass doctor was here, and takes this away again\n'

export interface ProbeWorld {
  readonly connection: Connection
  readonly bucket: string
  /** `bucket/probe.txt` */
  readonly path: string
  readonly fileId: string
  readonly call: <T>(call: Call, read: (answer: unknown) => T) => Promise<T>
  /** Asks for a link with these terms. */
  readonly link: (terms: Readonly<Record<string, unknown>>) => Promise<ProbeLink>
}

export interface ProbeLink {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Runs with a world of its own, and takes it away whatever happens; `onLeft` is told what could not be. */
export async function inProbeWorld<T>(
  connection: Connection,
  onLeft: (bucket: string) => void,
  run: (world: ProbeWorld) => Promise<T>,
): Promise<T> {
  const bucket = `hallpass-doctor-${randomBytes(8).toString('hex')}`
  try {
    return await run(await createWorld(connection, bucket))
  } finally {
    await clear(connection, bucket).catch(() => onLeft(bucket))
  }
}

async function createWorld(connection: Connection, bucket: string): Promise<ProbeWorld> {
  const path = `${bucket}/probe.txt`
  const answer = await putProbe(connection, path, {})
  const text = await answer.text()
  if (answer.status !== 201) throw new Untried(`the probe could not be stored (${answer.status}).`)
  const fileId = textOf(JSON.parse(text), 'id')
  const call: ProbeWorld['call'] = async (asked, read) => {
    try {
      return await callServer(connection, asked, read)
    } catch (error) {
      throw error instanceof ServerRefusal ? new Untried(error.message) : error
    }
  }
  const link: ProbeWorld['link'] = (terms) => {
    const json = { path, reason: 'hallpass doctor', expiresIn: 60, ...terms }
    return call({ method: 'POST', path: '/v1/links', json }, readLink)
  }
  return { connection, bucket, path, fileId, call, link }
}

/** Stores the probe, or tries to. */
export function putProbe(
  { origin, apiKey }: Connection,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return fetch(`${origin}/v1/files?${new URLSearchParams({ path }).toString()}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'text/plain', ...headers },
    body: PROBE_TEXT,
    redirect: 'manual',
  })
}

function readLink(answer: unknown): ProbeLink {
  const headers = Object.entries((answer as { headers?: object }).headers ?? {})
  return {
    id: textOf(answer, 'id'),
    url: textOf(answer, 'url'),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
  }
}

async function clear(connection: Connection, bucket: string): Promise<void> {
  const query = new URLSearchParams({ folder: bucket, recursive: 'true' })
  try {
    const ids = await callServer(
      connection,
      { method: 'GET', path: `/v1/files?${query.toString()}` },
      (answer) => listOf(answer, 'files', (file) => textOf(file, 'id')),
    )
    for (const id of ids) {
      await callServer(connection, { method: 'DELETE', path: `/v1/files/${id}` }, readNothing)
    }
    await callServer(connection, { method: 'DELETE', path: `/v1/buckets/${bucket}` }, readNothing)
  } catch (error) {
    const isGone = error instanceof ServerRefusal && error.code === 'bucket-not-found'
    if (!isGone) throw error instanceof CliError ? error : new CliError('not cleared', 3, error)
  }
}
