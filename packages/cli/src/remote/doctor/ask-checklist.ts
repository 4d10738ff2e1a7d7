/**
 * What the server itself says of its settings, policies and keys.
 *
 * @module
 */
import { callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { UnexpectedShape, listOf, textOf, textOrNullOf } from '../read-shape.ts'
import { findItemId } from './checklist-items.ts'
import type { Finding, Status } from './findings.ts'

export async function askChecklist(connection: Connection): Promise<Finding[]> {
  const call = { method: 'GET', path: '/v1/checklist' } as const
  const items = await callServer(connection, call, (answer) => listOf(answer, 'items', readItem))
  return items.flat()
}

function readItem(answer: unknown): Finding[] {
  const item = findItemId(textOf(answer, 'id'))
  if (item === null) return []
  return listOf(answer, 'findings', (finding) => ({
    item,
    id: textOf(finding, 'id'),
    status: readStatus(textOf(finding, 'status')),
    found: textOf(finding, 'found'),
    remedy: textOrNullOf(finding, 'remedy'),
  }))
}

function readStatus(text: string): Status {
  if (text === 'passed' || text === 'advice' || text === 'failed') return text
  throw new UnexpectedShape('status')
}
