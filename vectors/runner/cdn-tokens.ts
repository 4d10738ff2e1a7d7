/** Akamai, Bunny and Edgio tokens: made again, verified, and refused after any change. */
import assert from 'node:assert/strict'
import type * as akamai from '@hallpass/signing/akamai'
import type * as bunny from '@hallpass/signing/bunny'
import type * as edgio from '@hallpass/signing/edgio'
import type { Check, LoadEntry, Waiting } from './family.ts'
import { tamperCheck } from './family.ts'
import { atSeconds } from './moments.ts'
import { optional } from './optional.ts'
import { isSameDecoded, refuseBitFlips } from './refusals.ts'
import { toRequest } from './requests.ts'

/** What an EdgeAuth token was made from. */
export interface AkamaiArguments {
  readonly key: string
  readonly exp: number
  readonly st?: number
  readonly ip?: string
  readonly id?: string
  readonly data?: string
  readonly salt?: string
  readonly acl?: string | readonly string[]
  readonly url?: string
  readonly algorithm?: akamai.AkamaiAlgorithm
  readonly escapeEarly?: boolean
}

interface Vector<Arguments, Expected> {
  readonly id: string
  readonly args: Arguments
  readonly expected: Expected
}

export async function runAkamai(
  { id, args, expected }: Vector<AkamaiArguments, { readonly token: string }>,
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('akamai')) as typeof akamai
  const property = {
    ...optional('algorithm', args.algorithm),
    ...optional('salt', args.salt),
    ...optional('escapeEarly', args.escapeEarly),
  }
  const signer = {
    ...property,
    key: args.key,
    expiresAt: atSeconds(args.exp),
    ...optional('ip', args.ip),
    ...optional('startsAt', args.st === undefined ? undefined : atSeconds(args.st)),
    ...optional('sessionId', args.id),
    ...optional('data', args.data),
  }
  const acl = args.acl === undefined ? undefined : [args.acl].flat()
  const path = encodeURI(args.url ?? acl?.[0]?.replaceAll('*', 'x').replaceAll('?', 'y') ?? '/')
  const url = `https://media.example.test${path}`
  await check(`${id} sign`, () => {
    const signed =
      acl === undefined
        ? library.presignAkamai({ ...signer, url })
        : library.createAkamaiToken({ ...signer, acl }).sign(url)
    assert.equal(signed.url, `${url}?__token__=${expected.token}`)
  })
  const options = { ...property, keys: [args.key], now: atSeconds(args.exp) }
  const { target } = toRequest(`${url}?__token__=${expected.token}`)
  const verify = (changed: string) =>
    library.verifyAkamai(
      toRequest(url, { target: changed, clientIp: args.ip ?? '192.0.2.1' }),
      options,
    )
  await check(`${id} verify`, () => {
    const verified = verify(target)
    assert.deepEqual(
      [verified.sessionId, verified.data, verified.acl],
      [args.id ?? null, args.data ?? null, acl ?? null],
    )
  })
  await check(tamperCheck(id), () =>
    // An ACL opens many paths, so there only the token counts.
    refuseBitFlips(target, verify, { start: acl === undefined ? 0 : target.indexOf('__token__') }),
  )
}

/** What a Bunny URL was made from. */
export interface BunnyArguments {
  readonly origin: string
  readonly key: string
  readonly expires: number
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly pathAllowed?: string
  readonly directory?: boolean
  readonly userIp?: string
  readonly countriesAllowed?: string
  readonly countriesBlocked?: string
  readonly limit?: number
  readonly ignoreParams?: boolean
}

export async function runBunny(
  { id, args, expected }: Vector<BunnyArguments, { readonly url: string }>,
  format: 'hs256' | 'sha256',
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('bunny')) as typeof bunny
  await check(`${id} sign`, () => assert.equal(signBunny(args, format, library), expected.url))
  const { target } = toRequest(expected.url)
  const verify = (changed: string) =>
    library.verifyBunny(
      toRequest(expected.url, { target: changed, ...optional('clientIp', args.userIp) }),
      {
        keys: [args.key],
        now: atSeconds(args.expires),
        clientCountry: args.countriesAllowed?.split(',')[0] ?? 'CH',
        ...(format === 'hs256'
          ? {}
          : { legacyFormats: [format], legacyBindsIp: args.userIp !== undefined }),
      },
    )
  await check(`${id} verify`, () => {
    const verified = verify(target)
    assert.deepEqual([verified.path, verified.tokenPath], [args.path, args.pathAllowed ?? null])
  })
  await check(tamperCheck(id), () => {
    const isFolder = args.pathAllowed !== undefined
    return refuseBitFlips(target, verify, {
      // Beside a folder's token the path is free; inside the path the token comes first.
      start: isFolder && args.directory !== true ? target.indexOf('?') : 0,
      end: isFolder && args.directory === true ? target.indexOf('/', 1) : target.length,
      isSame: (changed) => isSameDecoded(changed, target),
    })
  })
}

function signBunny(
  args: BunnyArguments,
  format: 'hs256' | 'sha256',
  library: typeof bunny,
): string {
  const { key, expires, origin, path, query, pathAllowed } = args
  const ignoresQuery = args.ignoreParams === true
  const signer = {
    key,
    format,
    ignoresQuery,
    isInPath: args.directory === true,
    expiresAt: atSeconds(expires),
    ...optional('clientIp', args.userIp),
    ...optional('countries', args.countriesAllowed?.split(',')),
    ...optional('blockedCountries', args.countriesBlocked?.split(',')),
    ...optional('limitKbps', args.limit),
  }
  // A query that is not signed is left out of these URLs altogether.
  const own = ignoresQuery ? '' : String(new URLSearchParams(query))
  const url = `${origin}${path}${own === '' ? '' : `?${own}`}`
  return pathAllowed === undefined
    ? library.presignBunny({ ...signer, url }).url
    : library.createBunnyPrefix({ ...signer, tokenPath: pathAllowed }).sign(url).url
}

/** What an ectoken was made from. */
export interface EdgioArguments {
  readonly key: string
  readonly plaintext: string
  readonly ivHex: string
}

export async function runEdgio(
  { id, args, expected }: Vector<EdgioArguments, { readonly token: string }>,
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('edgio')) as Waiting<typeof edgio>
  const open = (token: string) => library.decryptEdgioToken(token, { keys: [args.key] })
  await check(`${id} decrypt`, async () => {
    const expires = /ec_expire=(\d+)/.exec(args.plaintext)?.[1]
    const { expiresAt } = await open(expected.token)
    assert.equal(expiresAt?.getTime(), Number(expires) * 1000)
  })
  await check(tamperCheck(id), () => refuseBitFlips(expected.token, open))
}
