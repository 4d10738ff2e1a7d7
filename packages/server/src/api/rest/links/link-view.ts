/** A link as clients see it: what was issued, and what became of it. Its URL is in no record. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { LinkView as Link } from '../../../core/links/links.ts'
import { formatPath } from '../../../core/paths.ts'
import { subjectOf } from '../../../core/users/user-id.ts'
import { Id, Time, formatTime, formatTimeOrNull, named, strictObject } from '../schemas.ts'
import { ShownTerms, viewTerms } from './link-terms.ts'

export const MethodSchema = Type.Union([
  Type.Literal('GET'),
  Type.Literal('PUT'),
  Type.Literal('POST'),
])

export const StatusSchema = Type.Union(
  [
    Type.Literal('active'),
    Type.Literal('expired'),
    Type.Literal('used-up'),
    Type.Literal('revoked'),
  ],
  { description: 'What became of the link.' },
)

const RevokedBySchema = Type.Union(
  [
    Type.Literal('link'),
    Type.Literal('file'),
    Type.Literal('folder'),
    Type.Literal('key'),
    Type.Literal('all'),
    Type.Literal('delete'),
    Type.Literal('move'),
    Type.Null(),
  ],
  {
    description:
      'What ended it: its own revocation, one of its file, a folder, a key or all, or the delete or move of its file.',
  },
)

export const LinkSchema = named(
  'Link',
  strictObject(
    {
      id: Id,
      method: MethodSchema,
      path: Type.String(),
      fileId: Type.Union([Type.String(), Type.Null()], {
        description: 'Downloads: the file it is for, whatever is stored under the name later.',
      }),
      version: Type.Union([Type.String(), Type.Null()], {
        description: 'Downloads: the one version it is for; null for whichever is current.',
      }),
      share: Type.Union(
        [Type.Literal('file'), Type.Literal('folder'), Type.Literal('drop'), Type.Null()],
        { description: 'What kind of share it is; null for a link.' },
      ),
      cookies: Type.Optional(
        Type.Literal(true, { description: 'Said of cookies of a CDN, which open a whole folder.' }),
      ),
      status: StatusSchema,
      createdAt: Time,
      createdBy: Type.String({
        description: 'The id of the key, or of the end user, that issued it.',
      }),
      subject: Type.Union([Type.String(), Type.Null()], {
        description: 'The `sub` of the end user who issued it.',
      }),
      expiresAt: Time,
      maxUses: Type.Union([Type.Integer(), Type.Null()]),
      uses: Type.Integer({
        description: 'So far; of links without `maxUses` up to a second late.',
      }),
      bytes: Type.Integer({ description: 'Sent or stored by it so far; up to a second late.' }),
      lastUsedAt: Type.Union([Time, Type.Null()]),
      lastUsedIp: Type.Union([Type.String(), Type.Null()]),
      ...ShownTerms,
      pausedAt: Type.Union([Time, Type.Null()], {
        description: 'Since when it stands still until it is resumed.',
      }),
      revokedAt: Type.Union([Time, Type.Null()]),
      revokedBy: RevokedBySchema,
    },
    'A link that was issued. Its URL was shown once and is not kept.',
  ),
)

export type LinkView = Static<typeof LinkSchema>

export function viewLink({ grant, state }: Link): LinkView {
  return {
    id: grant.id,
    method: grant.method,
    path: formatPath(grant),
    fileId: grant.fileId,
    version: grant.versionId,
    share: grant.share?.kind ?? null,
    ...(grant.terms.areCookies === true && { cookies: true }),
    status: state.status,
    createdAt: formatTime(grant.createdAt),
    createdBy: grant.createdBy,
    subject: subjectOf(grant.createdBy),
    expiresAt: formatTime(grant.expiresAt),
    maxUses: grant.maxUses,
    uses: grant.uses,
    bytes: grant.bytes,
    lastUsedAt: formatTimeOrNull(grant.lastUsedAt),
    lastUsedIp: grant.lastUsedIp,
    ...viewTerms(grant.terms),
    pausedAt: formatTimeOrNull(grant.pausedAt),
    revokedAt: formatTimeOrNull(state.revokedAt),
    revokedBy: state.revokedBy,
  }
}
