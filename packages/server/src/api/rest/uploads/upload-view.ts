/** A planned upload as clients see it, and the requests that send it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { MAX_SIGNED_AT_ONCE } from '../../../core/limits.ts'
import { MAX_OBJECT_BYTES } from '../../../platform/s3-limits.ts'
import { formatPath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import type { UploadState } from '../../../core/uploads/follow-upload.ts'
import { partCountOf } from '../../../core/uploads/sign-upload.ts'
import type { SignedRequest } from '../../../core/uploads/sign-upload.ts'
import { FileSchema, readPermit, viewFile } from '../files/file-view.ts'
import { AskedTerms } from '../links/link-terms.ts'
import { Id, Path, Seconds, Time, formatTime, named, strictObject } from '../schemas.ts'

export const UploadMethodSchema = Type.Union([
  Type.Literal('put'),
  Type.Literal('post'),
  Type.Literal('multipart'),
])

export const UploadRequest = named(
  'UploadRequest',
  strictObject({
    path: Path,
    size: Type.Integer({
      minimum: 0,
      maximum: MAX_OBJECT_BYTES,
      description: 'Bytes of the file: exactly so many must come.',
    }),
    contentType: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        pattern: '^[\\x21-\\x7E]+(?: [\\x21-\\x7E]+)*$',
        description: 'What the ending of the name says unless said otherwise.',
      }),
    ),
    methods: Type.Optional(
      Type.Array(UploadMethodSchema, {
        minItems: 1,
        maxItems: 3,
        description:
          'What the sender can do, `put` and `multipart` unless said otherwise: one request, the form of a web page, parts. Up to 16 MiB come in one piece.',
      }),
    ),
    metadata: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z0-9-]{1,100}$' }), Type.String({ maxLength: 1024 })),
    ),
    expiresIn: Type.Optional(
      Type.Unsafe<number>({
        ...Seconds,
        description:
          'Seconds in which it must be complete: a day in parts, an hour in one piece, or as long as the policy allows. Its URLs live minutes and are signed again.',
      }),
    ),
    overwrite: Type.Optional(
      Type.Boolean({ description: 'True: a file at the path is replaced.' }),
    ),
    delivery: Type.Optional(
      Type.Literal('proxied', {
        description:
          'Through this server, also where the folder lets it go to the store itself: for a sender that reaches no other host, or a page that the store does not let in.',
      }),
    ),
    sha256: AskedTerms.sha256,
    ip: AskedTerms.ip,
    reason: AskedTerms.reason,
    label: AskedTerms.label,
  }),
)

export const SignRequest = strictObject({
  parts: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 10_000 }), {
      minItems: 1,
      maxItems: MAX_SIGNED_AT_ONCE,
      description: 'Numbers of parts; not for what comes in one piece.',
    }),
  ),
})

export const SignedRequestSchema = named(
  'SignedRequest',
  strictObject(
    {
      partNumber: Type.Union([Type.Integer(), Type.Null()], {
        description: 'Null: the whole file.',
      }),
      method: Type.Union([Type.Literal('PUT'), Type.Literal('POST')]),
      url: Type.String(),
      headers: Type.Record(Type.String(), Type.String(), {
        description: 'What must be sent; `Content-Length` goes by itself.',
      }),
      fields: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          description:
            'POST: what must stand in the form, before the file, which is its field `file`.',
        }),
      ),
      size: Type.Integer({ description: 'Bytes of its body: exactly so many.' }),
      expiresAt: Time,
    },
    'A request that sends the file or a part of it.',
  ),
)

export const UploadSchema = named(
  'Upload',
  strictObject(
    {
      id: Id,
      status: Type.Union([Type.Literal('open'), Type.Literal('finished'), Type.Literal('ended')], {
        description: 'Ended: it ran out, was aborted, or its link was revoked.',
      }),
      method: UploadMethodSchema,
      path: Type.String(),
      size: Type.Integer(),
      partSize: Type.Union([Type.Integer(), Type.Null()], {
        description: 'Bytes of each part but the last; null of what comes in one piece.',
      }),
      partCount: Type.Integer(),
      parts: Type.Array(strictObject({ number: Type.Integer(), size: Type.Integer() }), {
        description: 'Those that are there.',
      }),
      delivery: Type.Optional(
        Type.Literal('direct', {
          description:
            'Said where the requests lead to the store itself: they end with their time alone. Nothing they send is a file before the upload is completed here, and of one that was revoked nothing becomes one.',
        }),
      ),
      label: Type.Union([Type.String(), Type.Null()]),
      linkId: Type.String({ description: 'The link behind it: revoked, it ends the upload.' }),
      expiresAt: Time,
      file: Type.Union([FileSchema, Type.Null()], {
        description: 'What it became, with the URL that fetches it; null while that waits.',
      }),
      heldId: Type.Union([Id, Type.Null()], {
        description: 'Under which it waits in quarantine until it was looked at.',
      }),
    },
    'A file on its way.',
  ),
)

export const SignedUploadSchema = named(
  'SignedUpload',
  strictObject(
    { upload: UploadSchema, requests: Type.Array(SignedRequestSchema) },
    'An upload, and the requests that send it.',
  ),
)

export async function viewUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  { id, status, grant, parts, file, held }: UploadState,
): Promise<Static<typeof UploadSchema>> {
  const { bytes = 0, partBytes = null, isDirect = false } = grant.terms.upload ?? {}
  return {
    id,
    status,
    method: partBytes !== null ? 'multipart' : grant.method === 'POST' ? 'post' : 'put',
    path: formatPath(grant),
    size: bytes,
    partSize: partBytes,
    partCount: partCountOf(grant),
    parts: parts.map(({ number, size }) => ({ number, size })),
    ...(isDirect && { delivery: 'direct' }),
    label: grant.terms.label ?? null,
    linkId: grant.id,
    expiresAt: formatTime(grant.expiresAt),
    file: file === null ? null : await viewFile(core, file, await permitFor(core, permit, file)),
    heldId: held?.heldId ?? null,
  }
}

/** It may lie elsewhere by now. */
async function permitFor(
  core: CoreContext,
  { caller }: Permit<'write'>,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<Permit<'read'> | null> {
  return readPermit(core, await authorize(core, caller, 'write', { bucket, key }))
}

export function viewRequest(request: SignedRequest): Static<typeof SignedRequestSchema> {
  const { partNumber, method, url, headers, fields, bytes, expiresAt } = request
  return {
    partNumber,
    method,
    url,
    headers: { ...headers },
    ...(fields !== null && { fields: { ...fields } }),
    size: bytes,
    expiresAt: expiresAt.toISOString(),
  }
}
