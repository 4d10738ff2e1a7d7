/**
 * The policy of a folder of a Hallpass server, as `GET /v1/folders/{path}/policy` answers it, read as what an audit demands.
 *
 * @module
 */
import type { AuditPolicy } from './policy.ts'

/** Every line that holds in a folder, with where it comes from. */
type Lines = Readonly<Record<string, unknown>>

/**
 * What the lines demand of a signed URL, by the names of an audit's policy; unchecked. Lines that no URL shows (a number of uses, pages,
 * what is shown in place) demand nothing. `null` if the document is no such answer.
 */
export function readFolderPolicy(
  document: object,
): Readonly<Partial<Record<keyof AuditPolicy, unknown>>> | null {
  const lines = linesOf(document)
  if (lines === null) return null
  const { maxDownloadSeconds, maxUploadSeconds, methods, requireIp } = lines
  const demands = {
    maxDownloadSeconds: valueOf(maxDownloadSeconds),
    maxUploadSeconds: valueOf(maxUploadSeconds),
    allowedMethods: withHead(valueOf(methods)),
    requireIp: valueOf(requireIp),
    requireContentType: 'contentTypes' in lines,
    requireLengthBound: 'maxBytes' in lines,
  }
  const said = Object.entries(demands).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said)
}

function linesOf(document: object): Lines | null {
  if (!('lines' in document)) return null
  const { lines } = document
  return typeof lines === 'object' && lines !== null && !Array.isArray(lines) ? { ...lines } : null
}

function valueOf(line: unknown): unknown {
  return typeof line === 'object' && line !== null && 'value' in line ? line.value : line
}

/** A link that reads answers HEAD as well. */
function withHead(methods: unknown): unknown {
  return Array.isArray(methods) && methods.includes('GET') ? [...methods, 'HEAD'] : methods
}
