/** The requests of the parts: as they were signed, and signed again when they run out. */
import type { SignedRequest } from '../generated/api.ts'
import { HallpassError } from '../hallpass-error.ts'
import type { UploadAnswer, UploadCall } from './protocol.ts'

export type Ask = (call: UploadCall) => Promise<UploadAnswer>

export interface PartSigner {
  /** `next` are those whose turn comes: they are signed along. */
  requestFor(part: number, next: readonly number[]): Promise<SignedRequest>
  /** It is signed anew the next time. */
  forget(part: number): void
}

/** Of parts that are to be signed, so many at once. */
const SIGN_AT_ONCE = 8
/** A URL that ends sooner is not begun with. */
const SPARE_MS = 20_000

export function createPartSigner(begun: UploadAnswer, route: string, ask: Ask): PartSigner {
  const { id, partSize } = begun.upload
  const signed = new Map<number, SignedRequest>()
  const keep = ({ requests }: UploadAnswer): void => {
    for (const request of requests) signed.set(request.partNumber ?? 1, request)
  }
  keep(begun)
  const isFresh = (part: number): boolean => {
    const known = signed.get(part)
    return known !== undefined && Date.parse(known.expiresAt) - Date.now() > SPARE_MS
  }
  const sign = async (part: number, next: readonly number[]): Promise<void> => {
    if (isFresh(part)) return
    const parts = partSize === null ? [] : [part, ...next.slice(0, SIGN_AT_ONCE - 1)]
    keep(await ask({ action: 'sign', route, id, parts }))
  }
  let signing: Promise<void> = Promise.resolve()
  return {
    async requestFor(part, next) {
      const before = signing.catch(() => undefined)
      // One after the other: the next finds what this one brought.
      signing = before.then(() => sign(part, next))
      await signing
      const request = signed.get(part)
      if (request !== undefined) return request
      throw new HallpassError({ code: 'answer-unexpected', message: 'The part was not signed.' })
    },
    forget: (part) => void signed.delete(part),
  }
}
