/** nginx secure_link, Swift TempURL and Cloudflare's timed HMACs: made again, verified, and refused after any change. */
import assert from 'node:assert/strict'
import type * as cloudflare from '@hallpass/signing/cloudflare'
import type * as nginx from '@hallpass/signing/nginx'
import type * as swift from '@hallpass/signing/swift'
import type { Check, LoadEntry } from './family.ts'
import { tamperCheck } from './family.ts'
import { atSeconds } from './moments.ts'
import { optional } from './optional.ts'
import { isSameDecoded, refuseBitFlips } from './refusals.ts'
import { toRequest } from './requests.ts'

const ORIGIN = 'https://files.example.test'

/** A link as nginx documents one: the directives, the request, and what comes out. */
export interface NginxLinkVector {
  readonly id: string
  readonly secure_link: string
  readonly secure_link_md5: string
  readonly uri: string
  readonly remote_addr?: string
  readonly expires: number
  readonly url: string
}

export async function runNginxLink(
  vector: NginxLinkVector,
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('nginx')) as typeof nginx
  const { id, url } = vector
  const rule = { secureLink: vector.secure_link, expression: vector.secure_link_md5 }
  const client = optional('clientIp', vector.remote_addr)
  const expiresAt = atSeconds(vector.expires)
  await check(`${id} sign`, () => {
    const own = `${ORIGIN}${encodeURI(vector.uri)}`
    const signed = library.presignNginx({ ...rule, ...client, url: own, expiresAt })
    assert.equal(signed.url, ORIGIN + url)
  })
  const verify = (target: string) =>
    library.verifyNginx(toRequest(ORIGIN, { target, ...client }), { rules: [rule], now: expiresAt })
  await check(`${id} verify`, () => assert.equal(verify(url).uri, vector.uri))
  await check(tamperCheck(id), () => {
    // nginx reads the names of arguments in any case, and decodes the path.
    const lower = (text: string): string =>
      text.replaceAll(/[?&]\w+=/g, (name) => name.toLowerCase())
    return refuseBitFlips(url, verify, {
      isSame: (changed) => isSameDecoded(lower(changed), url),
    })
  })
}

/**
 * An expression whose values are filled in already, and its hash. All but the time becomes the value of a variable, so
 * that any expression with a time of ten digits can be a link.
 */
export async function runNginxExpression(
  { id, expression, token }: { id: string; expression: string; token: string },
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('nginx')) as typeof nginx
  const [, before = '', expires = '', after = ''] = /^(.*?)(\d{10})(.*)$/s.exec(expression) ?? []
  const rule = {
    expression: '${before}$secure_link_expires${after}',
    variables: { before, after },
  }
  const url = `${ORIGIN}/a`
  const expiresAt = atSeconds(Number(expires))
  const target = `/a?md5=${token}&expires=${expires}`
  await check(`${id} sign`, () => {
    assert.equal(library.presignNginx({ ...rule, url, expiresAt }).url, ORIGIN + target)
  })
  const verify = (changed: string) =>
    library.verifyNginx(toRequest(ORIGIN, { target: changed }), { rules: [rule], now: expiresAt })
  await check(`${id} verify`, () => assert.deepEqual(verify(target).expiresAt, expiresAt))
  await check(tamperCheck(id), () => {
    const start = target.indexOf('md5=') + 4
    return refuseBitFlips(target, verify, { start, end: start + token.length })
  })
}

/** A link of the older mode. */
export async function runNginxSecret(
  vector: { id: string; prefix: string; link: string; secret: string; url: string },
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('nginx')) as typeof nginx
  const { id, prefix, link, secret, url } = vector
  await check(`${id} sign`, () => {
    const signed = library.presignNginxSecret({ prefix: ORIGIN + prefix, link, secret })
    assert.equal(signed.url, ORIGIN + url)
  })
  const verify = (target: string) =>
    library.verifyNginxSecret(toRequest(ORIGIN, { target }), { secrets: [secret] })
  await check(`${id} verify`, () => assert.equal(verify(url).link, link))
  await check(tamperCheck(id), () => refuseBitFlips(url, verify, { start: prefix.length }))
}

/** What a TempURL was made from, and its signature. */
export interface SwiftArguments {
  readonly key: string
  readonly method: string
  readonly expires: number
  readonly path: string
  readonly prefix?: string | undefined
  readonly ipRange?: string | undefined
  readonly digest?: swift.SwiftDigest | undefined
}

export async function runSwift(
  { id, args, signature }: { id: string; args: SwiftArguments; signature: string },
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('swift')) as typeof swift
  const encoding = signature.includes(':') ? ('base64' as const) : ('hex' as const)
  const signer = {
    key: args.key,
    method: args.method,
    expiresAt: atSeconds(args.expires),
    encoding,
    ...optional('digest', args.digest),
    ...optional('ipRange', args.ipRange),
  }
  const url = `https://swift.example.test${encodeURI(args.path)}`
  const [, , account = '', container = ''] = args.path.split('/')
  const signed =
    args.prefix === undefined
      ? library.presignSwift({ ...signer, url })
      : library.createSwiftPrefix({ ...signer, account, container, prefix: args.prefix }).sign(url)
  const urlSafe = signature.replaceAll('+', '-').replaceAll('/', '_')
  await check(`${id} sign`, () => {
    assert.equal(/temp_url_sig=([^&]*)/.exec(signed.url)?.[1], urlSafe)
  })
  const received = signed.url.replace(urlSafe, encodeURIComponent(signature))
  const { target } = toRequest(received)
  const verify = (changed: string) =>
    library.verifySwift(
      toRequest(received, {
        target: changed,
        method: args.method,
        clientIp: args.ipRange?.split('/')[0] ?? '192.0.2.1',
      }),
      {
        lookup: () => [args.key],
        digests: ['sha1', 'sha256', 'sha512'],
        now: atSeconds(args.expires),
      },
    )
  await check(`${id} verify`, () => {
    const verified = verify(target)
    assert.equal(`/v1/${verified.account}/${verified.container}/${verified.object}`, args.path)
  })
  await check(tamperCheck(id), () =>
    refuseBitFlips(target, verify, {
      start: args.prefix === undefined ? 0 : target.indexOf('?'),
      isSame: (changed) => isSameDecoded(changed, target),
    }),
  )
}

/** What a timed HMAC was made from. */
export interface CloudflareArguments {
  readonly key: string
  readonly message: string
  readonly timestamp: number
  readonly separator?: string
  readonly urlSafe?: boolean
}

export async function runCloudflare(
  { id, args, token }: { id: string; args: CloudflareArguments; token: string },
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('cloudflare')) as typeof cloudflare
  const { key, message, timestamp, separator = '' } = args
  const rule = { ttlSeconds: 300, separator, isUrlSafe: args.urlSafe === true }
  const now = atSeconds(timestamp)
  const target = `${message}${separator}${token}`
  await check(`${id} sign`, () => {
    const signed = library.presignCloudflare({ ...rule, key, now, url: ORIGIN + message })
    assert.equal(signed.url, ORIGIN + target)
  })
  const verify = (changed: string) =>
    library.verifyCloudflare(toRequest(ORIGIN, { target: changed }), { ...rule, keys: [key], now })
  await check(`${id} verify`, () => assert.equal(verify(target).message, message))
  await check(tamperCheck(id), () =>
    refuseBitFlips(target, verify, {
      // The MAC may be escaped in either case; the message is signed as sent.
      isSame: (changed) => changed.startsWith(message) && isSameDecoded(changed, target),
    }),
  )
}
