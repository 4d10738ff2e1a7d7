/** Copies within the bucket: the store moves the bytes, in as many steps as it takes. */
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { CopyOptions, StoredObject } from '../object-store.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { pathOfObject } from './gcs-calls.ts'
import {
  JSON_TYPE,
  conditionQuery,
  jsonBody,
  memberOf,
  readDocument,
  readResource,
  resourceOf,
  textOf,
} from './gcs-documents.ts'
import { isAbsentObject } from './gcs-faults.ts'
import { findOwnObject } from './own-object.ts'
import { statObject, statWithDigests } from './read-object.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { requireCondition } from '../send/require-condition.ts'

/** `null` if there is no such source. */
export async function copyObject(
  calls: GcsCalls,
  { from, to }: { readonly from: string; readonly to: string },
  options: CopyOptions,
): Promise<StoredObject | null> {
  const { name, location } = calls
  const found = await statWithDigests(calls, from, options.signal)
  if (found === null) return null
  const { head: source, digests } = found
  if (options.etag !== null && source.etag !== options.etag) throw changed(calls)
  // Not every server looks at conditions of a copy: who is there already is seen here at least.
  if (options.condition !== null)
    requireCondition(calls.name, await statObject(calls, to), options.condition)
  for (let rewriteToken = ''; ;) {
    options.signal.throwIfAborted()
    const answer = await rewrite(calls, { from, to, etag: source.etag, rewriteToken }, options)
    if (options.condition !== null && isDoubtful(answer)) {
      const sent = { key: to, size: source.size, digests: { crc32c: digests.crc32c } }
      const own = await findOwnObject(calls, sent)
      if (own !== null) return own
    }
    if (isAbsentObject(answer)) throw changed(calls)
    if (answer.status !== 200) throw calls.faultOf(answer)
    const document = readDocument(name, answer, 'rewriteResponse')
    if (memberOf(document, 'done') === true) {
      return readResource(name, memberOf(document, 'resource'), location.prefix)
    }
    const next = textOf(document, 'rewriteToken')
    if (next === '') throw storeUnavailable(`${name} copies and does not say how it goes on.`)
    rewriteToken = next
  }
}

interface Step {
  readonly from: string
  readonly to: string
  readonly etag: string
  readonly rewriteToken: string
}

function rewrite(
  calls: GcsCalls,
  { from, to, etag, rewriteToken }: Step,
  { headers, condition, signal }: CopyOptions,
): Promise<StoreAnswer> {
  const { location } = calls
  const target = pathOfObject(location, to).slice('/storage/v1/'.length)
  return calls.ask({
    operation: 'RewriteObject',
    method: 'POST',
    path: `${pathOfObject(location, from)}/rewriteTo/${target}`,
    query: {
      ifSourceGenerationMatch: etag,
      ...conditionQuery(condition),
      ...(rewriteToken !== '' && { rewriteToken }),
    },
    headers: JSON_TYPE,
    body: jsonBody(headers === null ? {} : resourceOf(headers)),
    signal,
    wantsText: true,
  })
}

function changed({ name }: GcsCalls): Error {
  return storeConflict(`${name}: the object to copy is another one by now.`)
}
