/**
 * The face for clients of tus 1.0, below `/-/tus` and, for the page of a drop, below that page [TUS-1]. It says what an upload is in the words of
 * the protocol; what an upload is, core/uploads says.
 */
import { createUploadLinkAuthenticator } from '../../auth/authenticate-upload-link.ts'
import type { CoreContext } from '../../core/context.ts'
import { refusal } from '../../core/errors.ts'
import { MAX_OBJECT_BYTES } from '../../platform/s3-limits.ts'
import { uploadNotFound } from '../../core/uploads/find-upload.ts'
import { createSenders } from './senders.ts'
import type { AllowedOrigins } from '../../http/allowed-origins.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createPageFace } from '../page-face.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import type { PageCall, PageFace } from '../page-face.ts'
import { readShareSession } from '../share-session-cookie.ts'
import { appendToUpload } from './append-to-upload.ts'
import { beginUpload } from './begin-upload.ts'
import { endUpload } from './end-upload.ts'
import { lookAtUpload } from './look-at-upload.ts'
import { CHECKSUM_ALGORITHMS, readHeader } from './read-headers.ts'
import { readTarget } from './target.ts'
import type { TusContext, TusOperation } from './tus-context.ts'
import { TusRefusal, explainTus } from './tus-refusal.ts'

const VERSION = '1.0.0'
const EXTENSIONS =
  'creation,creation-with-upload,creation-defer-length,expiration,termination,checksum,concatenation'
const METHODS = ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'] as const
const EXPOSED =
  'Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires, Upload-Concat, Upload-Defer-Length, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Retry-After, x-hallpass-file-id, x-hallpass-held'

interface Row {
  readonly name: string
  readonly serve: TusOperation
}

const OPERATIONS: Readonly<Partial<Record<string, Row>>> = {
  POST: { name: 'tus-begin', serve: beginUpload },
  HEAD: { name: 'tus-look', serve: lookAtUpload },
  PATCH: { name: 'tus-append', serve: appendToUpload },
  DELETE: { name: 'tus-end', serve: endUpload },
}

export function createTusFace(given: {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest' | 'beginUpload'>
  readonly corsOrigins: AllowedOrigins
}): PageFace {
  const { core, metrics, corsOrigins } = given
  const context: TusContext = {
    core,
    metrics,
    authenticateLink: createUploadLinkAuthenticator(core),
    senders: createSenders(),
  }
  return createPageFace({
    core,
    metrics,
    corsOrigins,
    plane: 'tus',
    methods: METHODS.join(', '),
    exposed: EXPOSED,
    headers: { 'tus-resumable': VERSION, 'tus-version': VERSION },
    explain: explainTus,
    serve: (page) => serve(context, page),
  })
}

async function serve(context: TusContext, page: PageCall): Promise<PageAnswer> {
  const { request } = page
  const { rawHeaders } = request
  const method = methodOf(page)
  if (method === 'OPTIONS') return discovery()
  const operation = OPERATIONS[method]
  if (operation === undefined) throw refusal('method-not-allowed', { method, allowed: METHODS })
  page.operation = operation.name
  if (readHeader(rawHeaders, 'Tus-Resumable') !== VERSION) {
    throw new TusRefusal('precondition-failed')
  }
  const target = readTarget(request.url ?? '', method === 'POST')
  if (target === null) throw uploadNotFound('')
  const session = target.isOwnPage ? readShareSession(rawHeaders) : null
  return operation.serve(context, { page, target, session })
}

/** Where something on the way lets no other method through, it stands in a header; nowhere else does that mean anything [TUS-1 core]. */
function methodOf({ request }: PageCall): string {
  const { method = '', rawHeaders } = request
  const instead = method === 'POST' ? readHeader(rawHeaders, 'X-HTTP-Method-Override') : null
  return instead?.toUpperCase() ?? method
}

function discovery(): PageAnswer {
  const headers = {
    'tus-version': VERSION,
    'tus-extension': EXTENSIONS,
    'tus-max-size': String(MAX_OBJECT_BYTES),
    'tus-checksum-algorithm': CHECKSUM_ALGORITHMS,
  }
  return { status: 204, headers, body: '' }
}
