/**
 * An upload in parts, as the server plans it.
 *
 * @module
 */
import { ServerRefusal, callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { UnexpectedShape, listOf, memberOf, numberOf, textOf, textOrNullOf } from '../read-shape.ts'
import { readFile } from './remote-files.ts'
import type { RemoteFile } from './remote-files.ts'

export interface PlannedUpload {
  readonly id: string
  readonly status: string
  readonly path: string
  readonly size: number
  readonly partSize: number
  readonly partCount: number
  /** Numbers of the parts that are there. */
  readonly parts: ReadonlySet<number>
  readonly file: RemoteFile | null
  /** Under which it waits in quarantine. */
  readonly heldId: string | null
}

export interface PartRequest {
  readonly number: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly size: number
}

export interface UploadAsk {
  readonly path: string
  readonly size: number
  /** Else the ending of the name says it. */
  readonly contentType?: string
  readonly overwrite: boolean
  readonly metadata: Readonly<Record<string, string>>
}

/** Makes the bucket, too, if it is missing, as an upload in one piece does. */
export async function createPlanned(
  connection: Connection,
  ask: UploadAsk,
): Promise<PlannedUpload> {
  try {
    return await askForPlan(connection, ask)
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.code !== 'bucket-not-found') throw error
    const bucket = encodeURIComponent(ask.path.split('/')[0] ?? '')
    await callServer(connection, { method: 'PUT', path: `/v1/buckets/${bucket}` }, () => null)
    return askForPlan(connection, ask)
  }
}

function askForPlan(connection: Connection, ask: UploadAsk): Promise<PlannedUpload> {
  const json = { ...ask, methods: ['multipart'] }
  const call = { method: 'POST', path: '/v1/uploads', json, names: NAMES } as const
  return callServer(connection, call, (answer) => readPlanned(memberOf(answer, 'upload')))
}

const NAMES = { path: 'the target', contentType: '--content-type' }

/** `null` of one that is not known any more. */
export async function findPlanned(
  connection: Connection,
  id: string,
): Promise<PlannedUpload | null> {
  try {
    return await callServer(connection, { method: 'GET', path: pathOf(id) }, readPlanned)
  } catch (error) {
    if (error instanceof ServerRefusal && error.code === 'upload-not-found') return null
    throw error
  }
}

/** At most a hundred at once. */
export function signParts(
  connection: Connection,
  id: string,
  numbers: readonly number[],
): Promise<PartRequest[]> {
  const call = { method: 'POST', path: `${pathOf(id)}/sign`, json: { parts: numbers } } as const
  return callServer(connection, call, (answer) => listOf(answer, 'requests', readRequest))
}

export function completePlanned(connection: Connection, id: string): Promise<PlannedUpload> {
  return callServer(connection, { method: 'POST', path: `${pathOf(id)}/complete` }, readPlanned)
}

function pathOf(id: string): string {
  return `/v1/uploads/${encodeURIComponent(id)}`
}

function readPlanned(answer: unknown): PlannedUpload {
  const file = memberOf(answer, 'file')
  return {
    id: textOf(answer, 'id'),
    status: textOf(answer, 'status'),
    path: textOf(answer, 'path'),
    size: numberOf(answer, 'size'),
    partSize: numberOf(answer, 'partSize'),
    partCount: numberOf(answer, 'partCount'),
    parts: new Set(listOf(answer, 'parts', (part) => numberOf(part, 'number'))),
    file: file === null ? null : readFile(file),
    heldId: textOrNullOf(answer, 'heldId'),
  }
}

function readRequest(answer: unknown): PartRequest {
  const headers = memberOf(answer, 'headers')
  if (typeof headers !== 'object' || headers === null) throw new UnexpectedShape('headers')
  return {
    number: numberOf(answer, 'partNumber'),
    url: textOf(answer, 'url'),
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, textOf(headers, name)])),
    size: numberOf(answer, 'size'),
  }
}
