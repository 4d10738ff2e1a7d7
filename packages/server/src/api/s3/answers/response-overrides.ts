/** The `response-*` parameters of GetObject: whoever signs a link may choose some headers of its answer. */
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { isLink } from '../../../core/identity.ts'
import { isHeaderValue } from '../../../http/header-value.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Request } from '../face.ts'

export interface ResponseOverrides {
  contentType?: string
  contentDisposition?: string
  contentEncoding?: string
  contentLanguage?: string
  cacheControl?: string
  expires?: string
}

const PARAMETERS: Readonly<Record<string, keyof ResponseOverrides>> = {
  'response-content-type': 'contentType',
  'response-content-disposition': 'contentDisposition',
  'response-content-encoding': 'contentEncoding',
  'response-content-language': 'contentLanguage',
  'response-cache-control': 'cacheControl',
  'response-expires': 'expires',
}

const NONE: ResponseOverrides = Object.freeze({})

/** Throws `response-override-unsigned` for somebody anonymous, `field-invalid` for what cannot be a header value. */
export function parseResponseOverrides(request: S3Request): ResponseOverrides {
  let overrides = NONE
  for (const [name, value] of request.query) {
    if (!name.startsWith('response-')) continue
    const field = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (field === undefined) continue
    requireSigned(request)
    // A line end in one would add headers of the signer's choice to our answer.
    if (!isHeaderValue(value)) throw invalid(name)
    if (overrides === NONE) overrides = {}
    overrides[field] = value
  }
  return overrides
}

function requireSigned({ caller }: S3Request): void {
  if (isLink(caller) || caller.kind !== 'anonymous') return
  throw s3Refusal('response-override-unsigned', {})
}

function invalid(field: string): DomainError<'field-invalid'> {
  const reason = 'it holds characters that no header can'
  return refusal('field-invalid', { field, reason })
}
