/**
 * What Uppy's S3 plugin asks of a companion, below `/-/uppy/LINK/s3/…`: whoever has the link has what it lets do, and everything asked for becomes
 * a request to the object plane that is signed for it, or credentials to sign it with. The bytes never come here.
 */
import { createUploadLinkAuthenticator } from '../../auth/authenticate-upload-link.ts'
import type { CoreContext } from '../../core/context.ts'
import { refusal } from '../../core/errors.ts'
import type { AllowedOrigins } from '../../http/allowed-origins.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createPageFace } from '../page-face.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import type { PageCall, PageFace } from '../page-face.ts'
import { abortUpload } from './abort-upload.ts'
import { beginUpload } from './begin-upload.ts'
import { completeUpload } from './complete-upload.ts'
import { giveKeys } from './give-keys.ts'
import { listParts } from './list-parts.ts'
import { signForm } from './sign-form.ts'
import { signPart, signParts } from './sign-parts.ts'
import type { UppyContext, UppyOperation } from './uppy-context.ts'

interface Route {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Behind the link. */
  readonly pattern: RegExp
  readonly serve: UppyOperation
}

const ID = '([0-9A-Za-z]{1,64})'

const ROUTES: readonly Route[] = [
  { name: 'uppy-form', method: 'GET', pattern: /^\/s3\/params$/, serve: signForm },
  { name: 'uppy-begin', method: 'POST', pattern: /^\/s3\/multipart$/, serve: beginUpload },
  {
    name: 'uppy-sign-parts',
    method: 'GET',
    pattern: new RegExp(`^/s3/multipart/${ID}/batch$`),
    serve: signParts,
  },
  {
    name: 'uppy-sign-part',
    method: 'GET',
    pattern: new RegExp(`^/s3/multipart/${ID}/([0-9]{1,20})$`),
    serve: signPart,
  },
  {
    name: 'uppy-list-parts',
    method: 'GET',
    pattern: new RegExp(`^/s3/multipart/${ID}$`),
    serve: listParts,
  },
  {
    name: 'uppy-complete',
    method: 'POST',
    pattern: new RegExp(`^/s3/multipart/${ID}/complete$`),
    serve: completeUpload,
  },
  {
    name: 'uppy-abort',
    method: 'DELETE',
    pattern: new RegExp(`^/s3/multipart/${ID}$`),
    serve: abortUpload,
  },
  { name: 'uppy-keys', method: 'GET', pattern: /^\/s3\/sts$/, serve: giveKeys },
]

export function createUppyFace(given: {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest'>
  readonly corsOrigins: AllowedOrigins
}): PageFace {
  const { core, metrics, corsOrigins } = given
  const context: UppyContext = { core, authenticateLink: createUploadLinkAuthenticator(core) }
  return createPageFace({
    core,
    metrics,
    corsOrigins,
    plane: 'uppy',
    methods: 'GET, POST, DELETE',
    exposed: 'Location, Retry-After',
    headers: {},
    explain: () => null,
    serve: (page) => serve(context, page),
  })
}

const TARGET = /^\/-\/uppy\/([0-9A-Za-z_-]+)(\/[^?]*)(?:\?(.*))?$/

async function serve(context: UppyContext, page: PageCall): Promise<PageAnswer> {
  const { method = '', url = '' } = page.request
  const [, link = null, path = '', query = ''] = TARGET.exec(url) ?? []
  const here = ROUTES.filter(({ pattern }) => pattern.test(path))
  if (link === null || here.length === 0) {
    throw refusal('upload-link-invalid', {
      reason: 'the address goes on in no way that Uppy asks for',
    })
  }
  const route = here.find((candidate) => candidate.method === method)
  if (route === undefined) {
    throw refusal('method-not-allowed', { method, allowed: here.map((row) => row.method) })
  }
  page.operation = route.name
  const [, uploadId = '', part = ''] = route.pattern.exec(path) ?? []
  return route.serve(context, { page, link, uploadId, part, query: new URLSearchParams(query) })
}
