/**
 * Asks a server for a link to a file, or for a page with it.
 *
 * @module
 */
import { compact } from '../../compact.ts'
import { callServer } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { textOf } from '../read-shape.ts'
import type { TypedNames } from '../../typed-names.ts'

/** What was typed; what was not is for the policy there to say. */
export interface ShareTerms {
  /** Seconds. */
  readonly for?: number
  readonly uses?: number
  readonly ip?: string[]
  readonly reason?: string
  readonly label?: string
}

export interface LinkTerms extends ShareTerms {
  readonly filename?: string
  readonly inline?: boolean
}

export interface PageTerms extends ShareTerms {
  readonly password?: string
  readonly greeting?: string
  readonly owner?: string
}

export interface Shared {
  readonly id: string
  /** A secret. */
  readonly url: string
  /** ISO 8601. */
  readonly expiresAt: string
}

const DAY_SECONDS = 86_400

const NAMES: TypedNames = {
  path: 'the path',
  expiresIn: '--for',
  maxUses: '--uses',
  ip: '--ip',
  reason: '--reason',
  label: '--label',
  filename: '--filename',
  password: '--password-file',
  greeting: '--greeting',
  owner: '--owner',
}

/** One that fetches the file at once. */
export function askForLink(
  connection: Connection,
  path: string,
  { filename, inline, ...terms }: LinkTerms,
): Promise<Shared> {
  const disposition = inline === true ? 'inline' : undefined
  const json = compact({ ...common(path, terms), filename, disposition })
  return ask(connection, '/v1/links', json)
}

/** The address of a page, where people see what it is before they fetch it. */
export function askForPage(
  connection: Connection,
  path: string,
  { password, greeting, owner, ...terms }: PageTerms,
): Promise<Shared> {
  const json = compact({ ...common(path, terms), password, greeting, owner })
  return ask(connection, '/v1/shares', json)
}

function common(path: string, { for: seconds, uses, ip, reason, label }: ShareTerms) {
  const isLong = seconds !== undefined && seconds > DAY_SECONDS
  const because = reason ?? (isLong ? 'shared with hallpass share' : undefined)
  return { path, expiresIn: seconds, maxUses: uses, ip, label, reason: because }
}

function ask(connection: Connection, path: string, json: object): Promise<Shared> {
  return callServer(connection, { method: 'POST', path, json, names: NAMES }, (answer) => ({
    id: textOf(answer, 'id'),
    url: textOf(answer, 'url'),
    expiresAt: textOf(answer, 'expiresAt'),
  }))
}
