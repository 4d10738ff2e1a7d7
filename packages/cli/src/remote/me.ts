/**
 * What a server says of the key that asks.
 *
 * @module
 */
import { callServer } from './call-server.ts'
import type { Connection } from './connection.ts'
import { listOf, readText, textOf } from './read-shape.ts'

export interface Me {
  readonly id: string
  readonly name: string
  readonly actions: readonly string[]
  /** `''` for everything, else with a slash at its end. */
  readonly pathPrefix: string
}

export function fetchMe(connection: Connection): Promise<Me> {
  return callServer(connection, { method: 'GET', path: '/v1/me' }, (answer) => ({
    id: textOf(answer, 'id'),
    name: textOf(answer, 'name'),
    actions: listOf(answer, 'actions', readText),
    pathPrefix: textOf(answer, 'pathPrefix'),
  }))
}
