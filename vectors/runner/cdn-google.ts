/** Cloud CDN and Media CDN: URLs, prefixes, cookies and paths, made again, verified, and refused after any change. */
import assert from 'node:assert/strict'
import type * as cloudCdn from '@hallpass/signing/cloud-cdn'
import type * as mediaCdn from '@hallpass/signing/media-cdn'
import type { Check, LoadEntry, Waiting } from './family.ts'
import { tamperCheck } from './family.ts'
import { publicHalf } from './ed25519.ts'
import { atSeconds } from './moments.ts'
import { refuseBitFlips } from './refusals.ts'
import { toRequest } from './requests.ts'

/** One signature of either product, whatever file it came from. */
export interface GoogleCase {
  readonly id: string
  readonly product: 'cloud-cdn' | 'media-cdn'
  readonly form: 'url' | 'prefix' | 'cookie' | 'path'
  readonly keyName: string
  readonly key: string
  readonly expires: number
  /** The URL to sign; for a cookie any URL below its prefix. */
  readonly url: string
  readonly urlPrefix: string
  readonly expected: string
}

interface Opened {
  readonly keyName: string
}

interface Product {
  readonly sign: (vector: GoogleCase) => string | Promise<string>
  readonly verify: (vector: GoogleCase, changed: string) => Opened | Promise<Opened>
}

export async function runGoogleCase(
  vector: GoogleCase,
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const product =
    vector.product === 'cloud-cdn'
      ? cloudProduct((await loadEntry('cloud-cdn')) as typeof cloudCdn)
      : mediaProduct(
          (await loadEntry('media-cdn')) as Waiting<typeof mediaCdn>,
          await publicHalf(vector.key),
        )
  const { id, form, expected } = vector
  await check(`${id} sign`, async () => assert.equal(await product.sign(vector), expected))
  await check(`${id} verify`, async () => {
    const { keyName } = await product.verify(vector, expected)
    assert.equal(keyName, vector.keyName)
  })
  // Ed25519 takes longer, so there one bit of the value and one of the case of each character have to do.
  const pace = vector.product === 'media-cdn' ? { bits: [0, 5], every: 2 } : {}
  await check(tamperCheck(id), () =>
    refuseBitFlips(expected, (changed) => product.verify(vector, changed), {
      ...pace,
      ...signedPart(form, expected),
    }),
  )
}

/** Only what is signed: not the scheme, which the test turns into the request, nor the URL beside a prefix. */
function signedPart(form: GoogleCase['form'], text: string): { start: number; end: number } {
  const afterHost = text.indexOf('/', 8)
  if (form === 'cookie') return { start: 0, end: text.length }
  if (form === 'prefix') return { start: text.indexOf('URLPrefix='), end: text.length }
  if (form === 'url') return { start: afterHost, end: text.length }
  return { start: afterHost, end: text.indexOf('/', text.indexOf('&Signature=')) }
}

function toSignedRequest(vector: GoogleCase, changed: string) {
  return vector.form === 'cookie'
    ? toRequest(vector.url, { headers: ['Cookie', changed] })
    : toRequest(changed)
}

function cloudProduct(library: typeof cloudCdn): Product {
  return {
    sign({ form, keyName, key, expires, url, urlPrefix }) {
      const signer = { keyName, key, expiresAt: atSeconds(expires) }
      if (form === 'url') return library.presignCloudCdn({ ...signer, url }).url
      if (form === 'prefix') {
        return library.createCloudCdnPrefix({ ...signer, urlPrefix }).sign(url).url
      }
      const { name, value } = library.createCloudCdnCookie({ ...signer, urlPrefix })
      return `${name}=${value}`
    },
    verify(vector, changed) {
      const request = toSignedRequest(vector, changed)
      const options = { lookup: () => vector.key, now: atSeconds(vector.expires) }
      return vector.form === 'cookie'
        ? library.verifyCloudCdnCookie(request, options)
        : library.verifyCloudCdn(request, options)
    },
  }
}

function mediaProduct(library: Waiting<typeof mediaCdn>, publicKey: string): Product {
  return {
    async sign({ form, keyName, key, expires, url, urlPrefix }) {
      const signer = { keyName, key, expiresAt: atSeconds(expires) }
      if (form === 'url') return (await library.presignMediaCdn({ ...signer, url })).url
      if (form === 'prefix') {
        return (await library.createMediaCdnPrefix({ ...signer, urlPrefix })).sign(url).url
      }
      if (form === 'path') {
        return (await library.createMediaCdnPath({ ...signer, urlPrefix })).sign(url).url
      }
      const { name, value } = await library.createMediaCdnCookie({ ...signer, urlPrefix })
      return `${name}=${value}`
    },
    verify(vector, changed) {
      const request = toSignedRequest(vector, changed)
      const options = { lookup: () => publicKey, now: atSeconds(vector.expires) }
      return vector.form === 'cookie'
        ? library.verifyMediaCdnCookie(request, options)
        : library.verifyMediaCdn(request, options)
    },
  }
}
