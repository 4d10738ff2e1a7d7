/** What a link is asked for with: the same for one and for many. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/identity.ts'
import { MAX_STABLE_WINDOW_SECONDS } from '../../../core/limits.ts'
import type { IssuedLink, LinkOptions, LinkWish } from '../../../core/links/issue-link.ts'
import { parseFilePath } from '../../../core/paths.ts'
import { authorize, authorizeFile } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { DispositionSchema, Id, Path, Time, named, strictObject } from '../schemas.ts'
import { AskedTerms, UPLOAD_TERMS, splitTerms } from './link-terms.ts'
import { MethodSchema } from './link-view.ts'

export const LinkRequest = named(
  'LinkRequest',
  strictObject({
    path: Type.Optional(Path),
    fileId: Type.Optional(Id),
    method: Type.Optional(
      Type.Union([Type.Literal('GET'), Type.Literal('PUT'), Type.Literal('POST')], {
        description:
          'GET downloads (and allows HEAD), PUT uploads a body, POST the form of a web page. GET unless said otherwise.',
      }),
    ),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2 ** 31 - 1,
        description:
          'Seconds, at least. 300 for downloads and 900 for uploads unless said otherwise; over 24 hours only with a reason, never over 7 days.',
      }),
    ),
    maxUses: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'How often it works; uploads once unless said otherwise. HEAD, 416, previews and the rest of a download that broke off use nothing.',
      }),
    ),
    version: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{1,128}$',
        description:
          'Downloads: the one version of the file that the link is for, whatever is current; see `GET /v1/files/{id}/versions`.',
      }),
    ),
    filename: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'Downloads: what the file is saved as.',
      }),
    ),
    disposition: Type.Optional(DispositionSchema),
    stableWindow: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_STABLE_WINDOW_SECONDS,
        description:
          'Downloads: asked for again within so many seconds, the link is the same one, so that browsers can cache what it shows. It lives `expiresIn` seconds after the window.',
      }),
    ),
    contentType: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        pattern: '^[\\x21-\\x7E]+(?: [\\x21-\\x7E]+)*$',
        description: 'Uploads: signed in, so that exactly this Content-Type must be sent.',
      }),
    ),
    successRedirect: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description:
          'Forms: the page, https, that the browser goes to once the file is stored, with `bucket`, `key` and `etag` in its query.',
      }),
    ),
    successStatus: Type.Optional(
      Type.Union([Type.Literal(200), Type.Literal(201), Type.Literal(204)], {
        description:
          'Forms: what S3 answers once the file is stored, for programs: 204 or 200 without a body, 201 with a document. Without it a browser gets a small page and a program 204.',
      }),
    ),
    ...AskedTerms,
  }),
)

export const IssuedLinkSchema = named(
  'IssuedLink',
  strictObject(
    {
      id: Id,
      url: Type.String(),
      method: MethodSchema,
      headers: Type.Record(Type.String(), Type.String(), {
        description: 'What must be sent with the request.',
      }),
      fields: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          description:
            'POST: what must stand in the form (`multipart/form-data`), before the file, which is the field `file` and the last.',
        }),
      ),
      expiresAt: Time,
      delivery: Type.Optional(
        Type.Literal('direct', {
          description:
            'Said where the URL is one of the store itself, or of the CDN before it: only `expiresAt` ends it, whatever becomes of the link.',
        }),
      ),
    },
    'The link. Its URL is shown this once.',
  ),
)

type Request = Static<typeof LinkRequest>

/** What core is asked for, with the right to ask; throws `field-invalid`. */
export async function toWish(
  core: CoreContext,
  principal: Principal,
  request: Request,
): Promise<LinkWish> {
  const options = toLinkOptions(request)
  return { permit: await authorizeTarget(core, principal, request), options }
}

export function viewIssuedLink(issued: IssuedLink): Static<typeof IssuedLinkSchema> {
  const { id, url, method, headers, fields, expiresAt } = issued
  return {
    id,
    url,
    method,
    headers: { ...headers },
    ...(fields !== null && { fields: { ...fields } }),
    expiresAt: expiresAt.toISOString(),
    ...(issued.isDirect && { delivery: 'direct' }),
  }
}

async function authorizeTarget(
  core: CoreContext,
  principal: Principal,
  { path, fileId }: Request,
): Promise<Permit<'share'>> {
  if (path !== undefined && fileId === undefined) {
    return authorize(core, principal, 'share', parseFilePath(path))
  }
  if (path !== undefined || fileId === undefined) {
    throw fieldInvalid('path', 'either path or fileId is needed, and not both')
  }
  return (await authorizeFile(core, principal, 'share', fileId)).permit
}

const ONLY_UPLOADS = ['contentType', ...UPLOAD_TERMS] as const
const ONLY_FORMS = ['successRedirect', 'successStatus'] as const
const ONLY_DOWNLOADS = ['version', 'filename', 'disposition', 'stableWindow'] as const

/** What is meant for the other method is refused instead of ignored: it would be a limit that nobody keeps. */
function toLinkOptions(request: Request): LinkOptions {
  const { terms, rest } = splitTerms(request)
  const { path: _path, fileId: _fileId, expiresIn, ip, stableWindow, ...asked } = rest
  const { method = 'GET' } = request
  for (const field of othersThan(method)) {
    if (request[field] !== undefined) {
      throw fieldInvalid(field, `it does not apply to ${method} links`)
    }
  }
  return {
    ...asked,
    method,
    terms,
    ...(expiresIn === undefined ? {} : { expiresInSeconds: expiresIn }),
    ...(stableWindow === undefined ? {} : { stableWindowSeconds: stableWindow }),
    ...(ip === undefined ? {} : { ips: typeof ip === 'string' ? [ip] : ip }),
  }
}

function othersThan(method: 'GET' | 'PUT' | 'POST'): readonly (keyof Request)[] {
  if (method === 'GET') return [...ONLY_UPLOADS, ...ONLY_FORMS]
  return method === 'PUT' ? [...ONLY_DOWNLOADS, ...ONLY_FORMS] : ONLY_DOWNLOADS
}

function fieldInvalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
