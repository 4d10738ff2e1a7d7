/** What a share is asked for with, and what of it can be changed. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { refusal } from '../../../core/errors.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath, parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeFile } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import type { ShareOptions } from '../../../core/shares/create-share.ts'
import { AskedTerms, parseTime } from '../links/link-terms.ts'
import { Id, Path, named, strictObject } from '../schemas.ts'

export const KindSchema = Type.Union(
  [Type.Literal('file'), Type.Literal('folder'), Type.Literal('drop')],
  {
    description:
      'What its page gives: one file, what lies in a folder, or room in a folder for files that others send.',
  },
)

export const ToldSchema = {
  password: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1024,
      description: 'Asked for by the page. Kept as a scrypt hash, and never shown again.',
    }),
  ),
  greeting: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1000, description: 'What the page says to people.' }),
  ),
  owner: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Who shares, as the page names them.',
    }),
  ),
}

const { notBefore, ip, label, reason, maxBytes, contentTypes } = AskedTerms

export const ShareRequest = named(
  'ShareRequest',
  strictObject({
    path: Type.Optional(Path),
    fileId: Type.Optional(Id),
    kind: Type.Optional(KindSchema),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2 ** 31 - 1,
        description:
          'Seconds. A day unless said otherwise; over 24 hours only with a reason, never over 7 days.',
      }),
    ),
    maxUses: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'How many downloads, or files of a drop; any number unless said otherwise. Looking at the page uses nothing.',
      }),
    ),
    ...ToldSchema,
    notBefore,
    ip,
    label,
    reason,
    maxBytes,
    contentTypes,
  }),
)

type Request = Static<typeof ShareRequest>

/** The right to share what is named. A path that ends in a slash, or names a bucket alone, is a folder's. */
export async function authorizeShared(
  core: CoreContext,
  principal: Principal,
  { path, fileId, kind }: Request,
): Promise<{ readonly permit: Permit<'share'>; readonly kind: ShareOptions['kind'] }> {
  if ((path === undefined) === (fileId === undefined)) {
    throw fieldInvalid('path', 'either path or fileId is needed, and not both')
  }
  if (path === undefined) {
    if (kind !== undefined && kind !== 'file') throw fieldInvalid('kind', 'a file has one kind')
    return { ...(await authorizeFile(core, principal, 'share', fileId ?? '')), kind: 'file' }
  }
  const isFolder = path.endsWith('/') || !path.includes('/')
  const chosen = kind ?? (isFolder ? 'folder' : 'file')
  if ((chosen === 'file') === isFolder) {
    throw fieldInvalid('path', isFolder ? 'it names a folder' : 'a folder ends in a slash')
  }
  const place = isFolder ? parseFolderPath(path) : parseFilePath(path)
  return { permit: await authorize(core, principal, 'share', place), kind: chosen }
}

/** What means nothing for a share of that kind is refused instead of ignored. */
export function toShareOptions(request: Request, kind: ShareOptions['kind']): ShareOptions {
  const { path: _path, fileId: _fileId, kind: _kind, expiresIn, ip: from, ...rest } = request
  const { notBefore: begins, label: called, reason: why, maxBytes: most, ...others } = rest
  const { contentTypes: types, ...asked } = others
  for (const field of ['maxBytes', 'contentTypes'] as const) {
    if (kind !== 'drop' && request[field] !== undefined) {
      throw fieldInvalid(field, `it does not apply to the share of a ${kind}`)
    }
  }
  return {
    ...asked,
    kind,
    ...(expiresIn !== undefined && { expiresInSeconds: expiresIn }),
    ...(from !== undefined && { ips: typeof from === 'string' ? [from] : from }),
    terms: {
      ...(why !== undefined && { reason: why }),
      ...(called !== undefined && { label: called }),
      ...(begins !== undefined && { notBefore: parseTime('notBefore', begins) }),
      ...(most !== undefined && { maxBytes: most }),
      ...(types !== undefined && { contentTypes: types }),
    },
  }
}

function fieldInvalid(field: string, reason: string): Error {
  return refusal('field-invalid', { field, reason })
}
