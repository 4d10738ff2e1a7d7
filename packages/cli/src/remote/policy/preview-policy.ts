/**
 * Which living links a policy would refuse.
 *
 * @module
 */
import type { Connection } from '../connection.ts'
import { readPages } from '../read-pages.ts'
import { listOf, textOf } from '../read-shape.ts'
import { policyCall } from './policy-place.ts'
import type { PolicyWish } from './read-wish.ts'

export interface RefusedLink {
  /** As the server answered it. */
  readonly answer: unknown
  readonly id: string
  readonly path: string
  readonly rule: string
  readonly detail: string
}

export function previewPolicy(
  connection: Connection,
  place: string | undefined,
  wish: PolicyWish,
): AsyncGenerator<RefusedLink> {
  const call = { path: `${policyCall(place)}/preview`, json: { ...wish, limit: 1000 } }
  return readPages(connection, call, (answer) =>
    listOf(answer, 'refused', (item) => ({
      answer: item,
      id: textOf(item, 'id'),
      path: textOf(item, 'path'),
      rule: textOf(item, 'rule'),
      detail: textOf(item, 'detail'),
    })),
  )
}
