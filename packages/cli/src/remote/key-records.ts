/**
 * The keys of a server, of both kinds.
 *
 * @module
 */
import { CliError } from '../io.ts'
import { callServer } from './call-server.ts'
import type { Connection } from './connection.ts'
import { listOf, readNothing, readText, textOf, textOrNullOf } from './read-shape.ts'

/** Where each kind of key lies, and how people call it. */
export const KEY_KINDS = {
  'api-key': { path: '/v1/api-keys', member: 'apiKeys', called: 'API key' },
  'access-key': { path: '/v1/access-keys', member: 'accessKeys', called: 'S3 key pair' },
} as const

export type KeyKind = keyof typeof KEY_KINDS

export interface KeyFact {
  readonly kind: KeyKind
  readonly id: string
  readonly name: string
}

export interface KeyRecord extends KeyFact {
  readonly actions: readonly string[]
  /** `''` for everything. */
  readonly pathPrefix: string
  /** ISO 8601, as the next two. */
  readonly createdAt: string
  readonly createdBy: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

/** All keys, revoked ones too. */
export async function fetchKeys(connection: Connection): Promise<KeyRecord[]> {
  const lists = await Promise.all(
    (['api-key', 'access-key'] as const).map(async (kind) => {
      const { path, member } = KEY_KINDS[kind]
      return callServer(connection, { method: 'GET', path }, (answer) =>
        listOf(answer, member, (item) => readKey(kind, item)),
      )
    }),
  )
  return lists.flat()
}

/** Throws a `CliError` if there is none. */
export async function findKey(connection: Connection, id: string): Promise<KeyRecord> {
  const key = (await fetchKeys(connection)).find((known) => known.id === id)
  if (key !== undefined) return key
  throw new CliError(`there is no key ${id}. 'hallpass keys list --all' lists all there are.`)
}

/** The living keys that this one made, and those that they made. */
export async function fetchDescendants(
  connection: Connection,
  { kind, id }: KeyFact,
): Promise<KeyFact[]> {
  const path = `${KEY_KINDS[kind].path}/${encodeURIComponent(id)}/descendants`
  return callServer(connection, { method: 'GET', path }, (answer) =>
    listOf(answer, 'descendants', (item) => ({
      kind: textOf(item, 'kind') === 'api-key' ? 'api-key' : 'access-key',
      id: textOf(item, 'id'),
      name: textOf(item, 'name'),
    })),
  )
}

/** Resolves to the ids of the keys that ended. */
export async function endKey(
  connection: Connection,
  { kind, id }: KeyFact,
  { descendants }: { readonly descendants: boolean },
): Promise<string[]> {
  const path = `${KEY_KINDS[kind].path}/${encodeURIComponent(id)}`
  if (!descendants) {
    await callServer(connection, { method: 'DELETE', path }, readNothing)
    return [id]
  }
  return callServer(connection, { method: 'DELETE', path: `${path}?descendants=true` }, (answer) =>
    listOf(answer, 'revoked', readText),
  )
}

function readKey(kind: KeyKind, item: unknown): KeyRecord {
  return {
    kind,
    id: textOf(item, 'id'),
    name: textOf(item, 'name'),
    actions: listOf(item, 'actions', readText),
    pathPrefix: textOf(item, 'pathPrefix'),
    createdAt: textOf(item, 'createdAt'),
    createdBy: textOf(item, 'createdBy'),
    expiresAt: textOrNullOf(item, 'expiresAt'),
    revokedAt: textOrNullOf(item, 'revokedAt'),
  }
}
