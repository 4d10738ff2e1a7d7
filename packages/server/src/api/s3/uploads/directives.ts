/** Whether a copy takes what its source says of itself, or what the request says instead [S3-API]. */
import { refusal } from '../../../core/errors.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'

/** True for `REPLACE`; throws `field-invalid`. */
export function replaces(request: S3Request, of: 'metadata' | 'tagging'): boolean {
  const field = `x-amz-${of}-directive`
  const directive = amzHeader(request, field)
  if (directive === null || directive === 'COPY') return false
  if (directive === 'REPLACE') return true
  throw refusal('field-invalid', { field, reason: `Unknown ${of} directive` })
}
