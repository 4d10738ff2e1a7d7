/**
 * Which living links a policy would refuse, and how many requests of the last week it would have.
 *
 * @module
 */
import type { Connection } from '../connection.ts'
import { readPages } from '../read-pages.ts'
import { listOf, memberOf, numberOf, textOf } from '../read-shape.ts'
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

/** Requests of the last seven days. */
export interface LastWeek {
  readonly refused: number
  /** Those of links with a record, which can be judged. */
  readonly examined: number
  readonly unjudged: number
  /** False: there were more, and these are the newest. */
  readonly isComplete: boolean
}

export interface PolicyToTry {
  /** `undefined`: the instance. */
  readonly place: string | undefined
  readonly wish: PolicyWish
}

/** `onLastWeek` is called before the first link comes, or the end. */
export function previewPolicy(
  connection: Connection,
  { place, wish }: PolicyToTry,
  onLastWeek: (week: LastWeek) => void = () => undefined,
): AsyncGenerator<RefusedLink> {
  const call = { path: `${policyCall(place)}/preview`, json: { ...wish, limit: 1000 } }
  return readPages(connection, call, (answer) => {
    const requests = memberOf(answer, 'requests')
    // They come with the first page.
    if (requests !== null) onLastWeek(readLastWeek(requests))
    return listOf(answer, 'refused', (item) => ({
      answer: item,
      id: textOf(item, 'id'),
      path: textOf(item, 'path'),
      rule: textOf(item, 'rule'),
      detail: textOf(item, 'detail'),
    }))
  })
}

function readLastWeek(requests: unknown): LastWeek {
  const refused = listOf(requests, 'refused', (link) => numberOf(link, 'requests'))
  return {
    refused: refused.reduce((sum, count) => sum + count, 0),
    examined: numberOf(requests, 'examined'),
    unjudged: numberOf(requests, 'unjudged'),
    isComplete: memberOf(requests, 'complete') === true,
  }
}
