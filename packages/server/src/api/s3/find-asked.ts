/** What a described request asks for, by the table that routes it: for whoever explains why it fails. */
import { isDomainError } from '../../core/errors.ts'
import type { Asked, FindAsked } from '../../core/explain/asked.ts'
import { S3Refusal } from './errors/s3-refusal.ts'
import type { RoutableRequest } from './face.ts'
import { findRoute, placeOf } from './routes.ts'
import type { S3Route } from './routes.ts'
import { parseUnsignedQuery } from './unsigned-query.ts'

export const findAsked: FindAsked = ({ raw, path }) => {
  const request = { raw, path, query: parseUnsignedQuery(raw.target) }
  const route = tryRoute(request)
  if (route === null) return { action: null, path, meets: null }
  // The fields of a form say who asks, and for what.
  const place = route.body === 'form' ? null : placeOf(route, request)
  return {
    action: place === null ? null : route.action,
    path: place ?? path,
    meets: meetingOf(route),
  }
}

/** `null` for what no operation is. */
function tryRoute(request: RoutableRequest): S3Route | null {
  try {
    return findRoute(request)
  } catch (error) {
    if (isDomainError(error) || error instanceof S3Refusal) return null
    throw error
  }
}

function meetingOf({
  name,
  on,
  method,
  action,
  takes,
  header,
  isSending,
}: S3Route): Asked['meets'] {
  if (on === 'service' || name === 'CreateBucket') return null
  if (on === 'bucket') return 'bucket'
  if (action === 'read') return takes.includes('versionId') ? 'file' : null
  const brings = header !== null || isSending
  return brings && (method === 'PUT' || method === 'POST') ? 'replaced' : null
}
