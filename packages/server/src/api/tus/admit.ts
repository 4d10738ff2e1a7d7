/** Who asks, and what for: a key, the token of an end user, or whoever shows a link. */
import { authenticateToken } from '../../auth/authenticate-token.ts'
import type { UploadBearer } from '../../auth/authenticate-upload-link.ts'
import { isRefusal, refusal } from '../../core/errors.ts'
import { isLink } from '../../core/identity.ts'
import type { Caller, Principal } from '../../core/identity.ts'
import { shareIdOf } from '../../core/link-id.ts'
import { parseFilePath, parseFolderPath, parseObjectKey } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { authorize, authorizeBegun } from '../../core/policy/authorize.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { findFreePath } from '../../core/shares/find-free-path.ts'
import type { Drop } from '../../core/shares/find-free-path.ts'
import { uploadNotFound } from '../../core/uploads/find-upload.ts'
import { findPlace } from '../../core/uploads/resumable/find-resumable.ts'
import type { ResumablePlace } from '../../core/uploads/resumable/find-resumable.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import { readAnnounced } from './metadata.ts'
import type { Announced } from './metadata.ts'
import { invalid, readHeader } from './read-headers.ts'
import type { TusCall, TusContext } from './tus-context.ts'

/** Where a link stands that does not stand in the address. */
const LINK_HEADER = 'Hallpass-Link'

/** For what begins: a place is found for it, and the right to write there. */
export async function admitBeginning(
  context: TusContext,
  call: TusCall,
  announced: Announced,
  isPartial: boolean,
): Promise<Permit<'write'>> {
  const { core } = context
  const shown = shownLink(call)
  if (shown === null) {
    const principal = await authenticateKey(context, call)
    return authorize(core, principal, 'write', placeOf(call, announced, isPartial))
  }
  const { contentType } = announced
  const { caller, grant } = await showLink(context, call, { shown, contentType, begunAt: null })
  const path =
    grant.share === null ? grant : await placeInDrop(context, grant, announced, isPartial)
  const { bucket, key } = path
  return authorize(core, caller, 'write', { bucket, key })
}

export interface GoingOn {
  readonly permit: Permit<'write'>
  readonly id: string
}

/**
 * For what goes on. `null` for an upload that has become a file by a link that has no uses left: there is nothing left to do, and its bearer may know it.
 * Throws `upload-not-found`.
 */
export async function admitGoingOn(context: TusContext, call: TusCall): Promise<GoingOn | null> {
  const { core } = context
  const { id } = call.target
  if (id === null) throw new Error('An address without an upload was taken for one.')
  const shown = shownLink(call)
  const principal = shown === null ? await authenticateKey(context, call) : null
  const place = await findPlace(core, id)
  const caller = principal ?? (await bearerOf(context, call, { shown: shown ?? '', place }))
  if (place === null) throw uploadNotFound(id)
  try {
    return { id, permit: await allow(context, caller, place) }
  } catch (error) {
    if (place.isFinished && isRefusal(error, 'link-used')) return null
    throw error
  }
}

function allow(
  { core }: TusContext,
  caller: Caller,
  place: ResumablePlace,
): Promise<Permit<'write'>> {
  if (!isLink(caller)) return authorize(core, caller, 'write', place.path)
  return authorizeBegun(core, caller, 'write', place)
}

async function bearerOf(
  context: TusContext,
  call: TusCall,
  { shown, place }: { readonly shown: string; readonly place: ResumablePlace | null },
): Promise<Caller> {
  const { announced = '', begunAt = null } = place ?? {}
  const { contentType } = readAnnounced(announced)
  const { caller } = await showLink(context, call, { shown, contentType, begunAt })
  return caller
}

/** `null` where a key is to be shown. Two credentials could be two people's. */
function shownLink({ page, target }: TusCall): string | null {
  const { rawHeaders } = page.request
  const shown = [target.link, readHeader(rawHeaders, LINK_HEADER)].filter((link) => link !== null)
  const [link = null] = shown
  if (link === null) return null
  const hasKey = readHeader(rawHeaders, 'Authorization') !== null
  if (shown.length > 1 || hasKey) {
    throw invalid('Authorization', 'show one key or one link, and not both')
  }
  return link
}

async function showLink(
  { authenticateLink }: TusContext,
  { page, target, session }: TusCall,
  link: {
    readonly shown: string
    readonly contentType: string | null
    readonly begunAt: number | null
  },
): Promise<UploadBearer> {
  const { shown: text, contentType, begunAt } = link
  page.linkId = shareIdOf(text)
  const bearer = await authenticateLink({
    text,
    contentType,
    begunAt,
    clientIp: page.clientIp,
    headers: page.request.rawHeaders,
    session,
    isOwnPage: target.isOwnPage,
  })
  page.linkId = bearer.grant.id
  return bearer
}

async function authenticateKey({ core }: TusContext, { page }: TusCall): Promise<Principal> {
  const { request, clientIp, pageOrigin, isForeignPage } = page
  core.requirePace('address', clientIp)
  const principal = await authenticateToken(core, {
    authorization: readHeader(request.rawHeaders, 'Authorization') ?? undefined,
    clientIp,
    agent: findUserAgent(request.rawHeaders),
    pageOrigin,
    isForeignPage,
    // What goes with every request of a browser begins no upload.
    session: null,
  })
  core.requirePace('key', principal.id)
  page.keyId = principal.id
  return principal
}

/** A partial upload becomes no file: its place only says whose right it is, and it needs no name. */
const PARTIAL_NAME = '.partial'

function placeOf(
  { target }: TusCall,
  { path: announcedPath, filename }: Announced,
  isPartial: boolean,
): ObjectPath {
  const path = target.query.get('path')
  const folder = target.query.get('folder')
  const given = [path, folder, announcedPath].filter((place) => place !== null)
  if (given.length > 1) throw invalid('path', 'say once where the file goes')
  if (folder === null) {
    const whole = path ?? announcedPath
    if (whole !== null) return parseFilePath(whole)
    throw invalid(
      'path',
      'say where the file goes: ?path= or ?folder= in the address, or path in Upload-Metadata',
    )
  }
  const { bucket, key } = parseFolderPath(folder)
  const name = filename ?? (isPartial ? PARTIAL_NAME : null)
  if (name === null) throw invalid('Upload-Metadata', 'a folder wants a filename')
  return { bucket, key: parseObjectKey(key + requireName(name)) }
}

function placeInDrop(
  { core }: TusContext,
  drop: Drop,
  { filename }: Announced,
  isPartial: boolean,
): Promise<ObjectPath> {
  if (filename === null && !isPartial) throw invalid('Upload-Metadata', 'a drop wants a filename')
  return findFreePath(core, drop, requireName(filename ?? PARTIAL_NAME))
}

function requireName(filename: string): string {
  if (!filename.includes('/')) return filename
  throw refusal('path-invalid', { reason: 'the name of a file has no slash' })
}
