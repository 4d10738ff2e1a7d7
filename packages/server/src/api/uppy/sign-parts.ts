/** `GET s3/multipart/ID/NUMBER` and `…/batch`: URLs for parts, each for a few minutes and as often as they are asked for. */
import { MAX_SIGNED_AT_ONCE } from '../../core/limits.ts'
import { MAX_PARTS } from '../../platform/s3-limits.ts'
import { signPartFor } from '../../core/uploads/sign-for-bearer.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitUpload } from './admit.ts'
import { invalid } from './read-json.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function signPart(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { core } = context
  const number = readNumber(call.part)
  const { permit, slot } = await admitUpload(context, call)
  const { url, expiresAt } = await signPartFor(core, permit, { uploadId: slot.id, number })
  const expires = Math.max(1, Math.floor((expiresAt.getTime() - core.clock.now()) / 1000))
  return jsonAnswer({ url, expires })
}

export async function signParts(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { core } = context
  const numbers = (call.query.get('partNumbers') ?? '').split(',').map(readNumber)
  if (numbers.length > MAX_SIGNED_AT_ONCE) {
    throw invalid('partNumbers', `at most ${MAX_SIGNED_AT_ONCE} at once`)
  }
  const { permit, slot } = await admitUpload(context, call)
  const urls = numbers.map(async (number) => {
    const { url } = await signPartFor(core, permit, { uploadId: slot.id, number })
    return [number, url] as const
  })
  return jsonAnswer({ presignedUrls: Object.fromEntries(await Promise.all(urls)) })
}

function readNumber(text: string): number {
  const number = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= MAX_PARTS) return number
  throw invalid('partNumber', `parts have numbers from 1 to ${MAX_PARTS}`)
}
