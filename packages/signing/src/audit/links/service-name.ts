/**
 * Whose signature a URL of AWS or Azure carries, where it is not the object store's.
 *
 * @module
 */
import { valuesByName } from '../../inspect/facts/detection.ts'
import type { Detection } from '../../inspect/facts/dialect-facts.ts'
import { parseObservedUrl } from '../../inspect/facts/observed-url.ts'

const STORES: ReadonlySet<string> = new Set(['s3', 's3express', 's3-object-lambda', 's3-outposts'])

/** `iotdevicegateway`, `queue of azure`; `null` for the object store itself. */
export function otherService(detection: Detection, text: string): string | null {
  const url = parseObservedUrl(text)
  if (detection.dialect === 's3') {
    const credential = valuesByName(url.parameters).get('x-amz-credential') ?? ''
    const service = /^[^/]{1,200}\/\d{8}\/(?:[^/]{1,60}\/)?([a-z0-9-]{1,60})\/aws4a?_request$/.exec(
      credential,
    )?.[1]
    return service === undefined || STORES.has(service) ? null : service
  }
  if (detection.dialect !== 'azure') return null
  const host = /\.(queue|table|file|servicebus|eventgrid)\./i.exec(url.host)?.[1]
  return host === undefined ? null : `Azure ${host.toLowerCase()}`
}
