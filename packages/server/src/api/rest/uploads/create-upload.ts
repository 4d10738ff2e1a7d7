/** `POST /v1/uploads`: a file that somebody sends who has no key, in the way that fits its size. */
import type { Static } from 'typebox'
import { parseFilePath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { beginUpload } from '../../../core/uploads/begin-upload.ts'
import type { UploadWish } from '../../../core/uploads/begin-upload.ts'
import { partCountOf, signUpload } from '../../../core/uploads/sign-upload.ts'
import { guessContentType } from '../../content-type.ts'
import { defineOperation } from '../operation.ts'
import { SignedUploadSchema, UploadRequest, viewRequest, viewUpload } from './upload-view.ts'

/** A browser sends so many at once at most; the others are signed when it comes to them. */
const FIRST_PARTS = 8

export const createUpload = defineOperation({
  id: 'createUpload',
  method: 'POST',
  path: '/v1/uploads',
  tag: 'Uploads',
  summary: 'Begin an upload',
  description:
    'Answers with the requests that send the file, for whoever is to send it: one for a small file, those of the first parts for a large one. More are signed as long as the upload lives, so that a long upload outlives its URLs. Size, type and place are signed, and nothing else can be sent.',
  access: 'key',
  bodyKind: 'json',
  body: UploadRequest,
  answers: { 201: SignedUploadSchema },
  handle: async ({ core, context, principal, body }) => {
    const path = parseFilePath(body.path)
    const share = await authorize(core, principal, 'share', path)
    const write = await authorize(core, principal, 'write', path)
    const planned = await beginUpload(core, { share, write }, toWish(body, path.key))
    context.metrics.countLink('issued')
    const upload = { ...planned, status: 'open', parts: [], file: null, held: null } as const
    const first = Math.min(FIRST_PARTS, partCountOf(planned.grant))
    const numbers = Array.from({ length: first }, (_, index) => index + 1)
    const requests = await signUpload(core, write, planned, numbers)
    return {
      status: 201,
      headers: { location: `/v1/uploads/${planned.id}` },
      body: { upload: await viewUpload(core, write, upload), requests: requests.map(viewRequest) },
    }
  },
})

function toWish(
  {
    size,
    contentType,
    methods,
    metadata,
    expiresIn,
    overwrite,
    delivery,
    ip,
    ...terms
  }: Static<typeof UploadRequest>,
  key: string,
): UploadWish {
  const { sha256, reason, label } = terms
  return {
    bytes: size,
    contentType: contentType ?? guessContentType(key) ?? 'application/octet-stream',
    metadata: metadata ?? {},
    methods: methods ?? ['put', 'multipart'],
    overwrite: overwrite ?? false,
    isProxied: delivery === 'proxied',
    terms: {
      ...(sha256 !== undefined && { sha256 }),
      ...(reason !== undefined && { reason }),
      ...(label !== undefined && { label }),
    },
    ...(expiresIn !== undefined && { expiresInSeconds: expiresIn }),
    ...(ip !== undefined && { ips: typeof ip === 'string' ? [ip] : ip }),
  }
}
