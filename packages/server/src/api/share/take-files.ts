/**
 * Takes the files that somebody sends into a drop: one after the other, each stored whole or not at all. What comes first of the form may be
 * its password. The first file that is refused ends it: what came before it stays, and the answer says both.
 */
import type { FoundShare, Visitor } from '../../auth/authenticate-share.ts'
import type { CoreContext } from '../../core/context.ts'
import { refusal } from '../../core/errors.ts'
import { findHeldOf } from '../../core/files/find-own-held.ts'
import { writeFile } from '../../core/files/write-file.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { authorize } from '../../core/policy/authorize.ts'
import { MultipartFault } from '../../http/multipart-fault.ts'
import { parseBoundary, readMultipart } from '../../http/multipart.ts'
import type { FormPart } from '../../http/multipart.ts'
import type { DropNames } from './drop-names.ts'
import type { ShareContext, ShareVisit } from './exchange.ts'

export interface TakenFile {
  readonly name: string
  readonly size: number
  /** Nobody sees it until it was looked at. */
  readonly waits: boolean
}

export interface Taken {
  readonly visitor: Visitor
  readonly files: readonly TakenFile[]
  /** What the next one was refused for; `null` if all were taken. */
  readonly refused: { readonly name: string; readonly error: unknown } | null
}

const LIMITS = { maxParts: 1000, maxHeadBytes: 8192 } as const
const MAX_PASSWORD_BYTES = 4096

/** True for the form of a drop. */
export function isFileForm({ request }: ShareVisit): boolean {
  return parseBoundary(request.headers['content-type']) !== null
}

/** Throws what `admit` throws, and `field-invalid` for a form without a file. */
// oxlint-disable-next-line max-params -- who sends what, and where it goes
export async function takeFiles(
  { core, names }: Pick<ShareContext, 'core'> & { readonly names: DropNames },
  visit: ShareVisit,
  found: FoundShare,
  session: string | null,
): Promise<Taken> {
  const boundary = parseBoundary(visit.request.headers['content-type'])
  if (boundary === null) throw new MultipartFault('The form has no boundary.')
  const signal = abortWith(visit)
  const parts = readMultipart(visit.readBody(), boundary, LIMITS)
  const files: TakenFile[] = []
  let visitor: Visitor | null = null
  let password: string | null = null
  try {
    for await (const part of parts) {
      if (part.filename === null) {
        if (part.name === 'password' && visitor === null) password = await readPassword(part)
        continue
      }
      // A browser sends a file without a name where none was chosen.
      if (part.filename === '') continue
      visitor ??= await found.admit({ session, password })
      const name = part.filename
      try {
        const claimed = await names.claim(visitor.grant, name)
        try {
          files.push(await takeFile(core, visitor, { part, path: claimed.path, signal }))
        } finally {
          claimed.release()
        }
      } catch (error) {
        return { visitor, files, refused: { name, error } }
      }
    }
  } finally {
    await parts.return()
  }
  visitor ??= await found.admit({ session, password })
  if (files.length === 0) throw refusal('no-file-sent', {})
  return { visitor, files, refused: null }
}

interface SentFile {
  readonly part: FormPart
  readonly path: ObjectPath
  readonly signal: AbortSignal
}

async function takeFile(
  core: CoreContext,
  { caller, grant }: Visitor,
  { part: { contentType, body }, path, signal }: SentFile,
): Promise<TakenFile> {
  const permit = await authorize(core, caller, 'write', path)
  const { file, held } = await writeFile(
    core,
    permit,
    {
      contentType,
      headers: {},
      metadata: {},
      contentLength: null,
      checksums: [],
      expected: () => [],
    },
    { body, signal },
  )
  return { name: file.key.slice(grant.key.length), size: file.size, waits: held !== null }
}

async function readPassword({ body }: FormPart): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MAX_PASSWORD_BYTES) {
      throw refusal('field-invalid', { field: 'password', reason: 'it is too long' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size).toString()
}

/** Nobody waits for the answer any more. */
function abortWith({ response }: ShareVisit): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  return controller.signal
}
