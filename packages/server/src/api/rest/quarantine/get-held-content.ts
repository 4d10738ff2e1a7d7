/** `GET /v1/quarantine/{id}/content`: the bytes, for whoever is to judge them. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { authorizeHeld, openHeldBytes } from '../../../core/quarantine/held-files.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const getHeldContent = defineOperation({
  id: 'getHeldContent',
  method: 'GET',
  path: '/v1/quarantine/{id}/content',
  tag: 'Quarantine',
  summary: 'Get the bytes of a file that waits',
  description:
    'For the key that sent it, and for administrators, with the right to read. They come as bytes of no type, to be saved: nobody knows yet what they are.',
  access: 'key',
  bodyKind: 'none',
  contentType: 'application/octet-stream',
  params: IdParams,
  answers: { 200: Type.String({ format: 'binary' }) },
  handle: async ({ core, principal, params, signal }) => {
    const { permit, held } = await authorizeHeld(core, principal, params.id)
    const bytes = await openHeldBytes(core, permit, { held, signal })
    return {
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(held.size),
        'content-disposition': 'attachment',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      },
      body: Readable.from(bytes),
    }
  },
})
