/**
 * One signed request of every CDN dialect and form, made with fixed keys and a fixed clock, and the verifier for it.
 * The same module runs with and without `node:crypto`, so everything here has to come out the same.
 */
import { createAkamaiToken, presignAkamai, verifyAkamai } from '../../src/akamai.ts'
import { createBunnyPrefix, presignBunny, verifyBunny } from '../../src/bunny.ts'
import {
  createCloudCdnCookie,
  createCloudCdnPrefix,
  presignCloudCdn,
  verifyCloudCdn,
  verifyCloudCdnCookie,
} from '../../src/cloud-cdn.ts'
import { presignCloudflare, verifyCloudflare } from '../../src/cloudflare.ts'
import { verifyEdgioAsync } from '../../src/edgio.ts'
import {
  createMediaCdnCookieAsync,
  createMediaCdnPathAsync,
  createMediaCdnPrefixAsync,
  createMediaCdnToken,
  createMediaCdnTokenAsync,
  presignMediaCdnAsync,
  verifyMediaCdnAsync,
  verifyMediaCdnCookieAsync,
  verifyMediaCdnTokenAsync,
} from '../../src/media-cdn.ts'
import {
  presignNginx,
  presignNginxSecret,
  verifyNginx,
  verifyNginxSecret,
} from '../../src/nginx.ts'
import { createSwiftPrefix, presignSwift, verifySwift } from '../../src/swift.ts'
import type { RawRequest } from '../../src/types.ts'
import { signEdgio } from './edgio/sign-edgio.ts'

/** A signed request and what checks it. */
export interface Sample {
  readonly name: string
  /** The signed URL, or the signed cookie. */
  readonly signed: string
  readonly request: RawRequest
  readonly verify: (request: RawRequest) => unknown
}

const now = new Date('2026-03-14T10:00:00Z')
const life = { expiresInSeconds: 300, now }
const origin = 'https://media.example.test'
const clientIp = '203.0.113.7'

function requestFor(url: string, cookie?: string): RawRequest {
  return {
    method: 'GET',
    target: url.slice(origin.length),
    headers: ['Host', origin.slice(8), ...(cookie === undefined ? [] : ['Cookie', cookie])],
    clientIp,
  }
}

function forUrl(name: string, signed: string, verify: (request: RawRequest) => unknown): Sample {
  return { name, signed, request: requestFor(signed), verify }
}

function forCookie(name: string, signed: string, verify: (request: RawRequest) => unknown): Sample {
  return { name, signed, request: requestFor(`${origin}/v1/a/b/c`, signed), verify }
}

const cloudKey = 'aGFsbHBhc3MgZmFrZSAxNg=='
const mediaKey = 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE='
const mediaPublicKey = 'ISEwOBemGkSJWf3TC1a0dK25mtHcKYxS_9R5dthfyrg'
const tokenSecret = 'aGFsbHBhc3MgZmFrZSBtZWRpYSBobWFjIGtleSAwMDEh'
const hexKey = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90'
const textKey = 'hallpass-fake-key'
const url = `${origin}/v1/a/b/c%20d`

function cloudCdnSamples(): Sample[] {
  const signer = { keyName: 'key-1', key: cloudKey, ...life }
  const options = { lookup: () => cloudKey, now }
  const prefix = createCloudCdnPrefix({ ...signer, urlPrefix: `${origin}/v1/` })
  const cookie = createCloudCdnCookie({ ...signer, urlPrefix: `${origin}/v1/` })
  return [
    forUrl('cloud-cdn url', presignCloudCdn({ ...signer, url }).url, (r) =>
      verifyCloudCdn(r, options),
    ),
    forUrl('cloud-cdn prefix', prefix.sign(url).url, (r) => verifyCloudCdn(r, options)),
    forCookie('cloud-cdn cookie', `${cookie.name}=${cookie.value}`, (r) =>
      verifyCloudCdnCookie(r, options),
    ),
  ]
}

async function mediaCdnSamples(): Promise<Sample[]> {
  const signer = { keyName: 'key-1', key: mediaKey, ...life }
  const options = { lookup: () => mediaPublicKey, now }
  const urlPrefix = `${origin}/v1/`
  const prefix = await createMediaCdnPrefixAsync({ ...signer, urlPrefix })
  const path = await createMediaCdnPathAsync({ ...signer, urlPrefix })
  const cookie = await createMediaCdnCookieAsync({ ...signer, urlPrefix })
  const scope = { ...life, pathGlobs: ['/v1/*'], ipRanges: ['203.0.113.0/24'] }
  const samples = [
    forUrl('media-cdn url', (await presignMediaCdnAsync({ ...signer, url })).url, (r) =>
      verifyMediaCdnAsync(r, options),
    ),
    forUrl('media-cdn prefix', prefix.sign(url).url, (r) => verifyMediaCdnAsync(r, options)),
    forUrl('media-cdn path', path.sign(url).url, (r) => verifyMediaCdnAsync(r, options)),
    forCookie('media-cdn cookie', `${cookie.name}=${cookie.value}`, (r) =>
      verifyMediaCdnCookieAsync(r, options),
    ),
  ]
  const ed25519 = await createMediaCdnTokenAsync({
    ...scope,
    key: { algorithm: 'ed25519', key: mediaKey },
  })
  samples.push(
    forUrl('media-cdn ed25519 token', ed25519.sign(url).url, (r) =>
      verifyMediaCdnTokenAsync(r, {
        keys: [{ algorithm: 'ed25519', publicKey: mediaPublicKey }],
        now,
      }),
    ),
  )
  for (const algorithm of ['sha1', 'sha256'] as const) {
    const key = { algorithm, secret: tokenSecret }
    samples.push(
      forUrl(
        `media-cdn ${algorithm} token`,
        createMediaCdnToken({ ...scope, key }).sign(url).url,
        (r) => verifyMediaCdnTokenAsync(r, { keys: [key], now }),
      ),
    )
  }
  return samples
}

function tokenSamples(): Sample[] {
  const samples: Sample[] = []
  for (const algorithm of ['sha256', 'sha1', 'md5'] as const) {
    const signer = { key: hexKey, algorithm, ...life, ip: clientIp, salt: 'salt' }
    const verify = (r: RawRequest): unknown =>
      verifyAkamai(r, { keys: [hexKey], algorithm, salt: 'salt', now })
    samples.push(
      forUrl(`akamai ${algorithm} url`, presignAkamai({ ...signer, url }).url, verify),
      forUrl(
        `akamai ${algorithm} acl`,
        createAkamaiToken({ ...signer, acl: '/v1/*' }).sign(url).url,
        verify,
      ),
    )
  }
  for (const format of ['hs256', 'sha256', 'md5'] as const) {
    const signer = { key: textKey, format, clientIp, ...life }
    const verify = (r: RawRequest): unknown =>
      verifyBunny(r, {
        keys: [textKey],
        legacyFormats: ['sha256', 'md5'],
        legacyBindsIp: true,
        now,
      })
    samples.push(
      forUrl(`bunny ${format}`, presignBunny({ ...signer, url: `${url}?x=1` }).url, verify),
    )
    if (format === 'md5') continue
    const prefix = createBunnyPrefix({ ...signer, tokenPath: '/v1/', isInPath: true })
    samples.push(forUrl(`bunny ${format} folder`, prefix.sign(url).url, verify))
  }
  return samples
}

function serverSamples(): Sample[] {
  const rule = { expression: `$secure_link_expires$uri $remote_addr ${textKey}` }
  const secret = presignNginxSecret({ prefix: `${origin}/p/`, link: 'a/b', secret: textKey })
  const samples = [
    forUrl('nginx', presignNginx({ ...rule, ...life, clientIp, url }).url, (r) =>
      verifyNginx(r, { rules: [rule], now }),
    ),
    forUrl('nginx secret', secret.url, (r) => verifyNginxSecret(r, { secrets: [textKey] })),
  ]
  for (const isUrlSafe of [false, true]) {
    const rule = { ttlSeconds: 300, isUrlSafe, now }
    samples.push(
      forUrl(
        `cloudflare ${isUrlSafe ? 'base64url' : 'base64'}`,
        presignCloudflare({ ...rule, key: textKey, url }).url,
        (r) => verifyCloudflare(r, { ...rule, keys: [textKey] }),
      ),
    )
  }
  for (const digest of ['sha1', 'sha256', 'sha512'] as const) {
    const signer = { key: textKey, digest, ...life, ipRange: '203.0.113.0/24' }
    const options = { lookup: () => [textKey], digests: [digest], now }
    const prefix = createSwiftPrefix({ ...signer, account: 'a', container: 'b', prefix: 'c' })
    samples.push(
      forUrl(`swift ${digest}`, presignSwift({ ...signer, url }).url, (r) =>
        verifySwift(r, options),
      ),
      forUrl(`swift ${digest} prefix`, prefix.sign(url).url, (r) => verifySwift(r, options)),
    )
  }
  return samples
}

/** The samples, each of another dialect, form or algorithm. */
export async function makeSamples(): Promise<Sample[]> {
  const edgio = signEdgio({
    key: textKey,
    ...life,
    url,
    paths: ['/v1/'],
    nonce: new Uint8Array(12).fill(7),
  })
  return [
    ...cloudCdnSamples(),
    ...(await mediaCdnSamples()),
    ...tokenSamples(),
    ...serverSamples(),
    forUrl('edgio', edgio, (r) => verifyEdgioAsync(r, { keys: [textKey], now })),
  ]
}
