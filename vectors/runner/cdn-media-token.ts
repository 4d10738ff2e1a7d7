/** Media CDN tokens: made again, verified, and refused after any change. */
import assert from 'node:assert/strict'
import type * as mediaCdn from '@hallpass/signing/media-cdn'
import type { Check, LoadEntry, Waiting } from './family.ts'
import { tamperCheck } from './family.ts'
import { publicHalf } from './ed25519.ts'
import { atSeconds } from './moments.ts'
import { optional } from './optional.ts'
import { refuseBitFlips } from './refusals.ts'
import { toRequest } from './requests.ts'

/** What a token was made from. */
export interface MediaTokenArguments {
  readonly algorithm: 'ed25519' | 'sha1' | 'sha256'
  readonly key: string
  readonly urlPrefix?: string | undefined
  readonly pathGlobs?: string | undefined
  readonly fullPath?: string | undefined
  readonly starts?: number | undefined
  readonly expires: number
  readonly sessionId?: string | undefined
  readonly data?: string | undefined
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined
  readonly ipRanges?: string | undefined
}

export async function runMediaToken(
  vector: { readonly id: string; readonly args: MediaTokenArguments; readonly token: string },
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const library = (await loadEntry('media-cdn')) as Waiting<typeof mediaCdn>
  const { id, args, token } = vector
  await check(`${id} sign`, async () => {
    const created = await library.createMediaCdnToken(toOptions(args))
    assert.equal(created.token, token)
  })
  const options = { keys: [await toVerifyKey(args)], now: atSeconds(args.expires) }
  const verify = (changed: string) =>
    library.verifyMediaCdnToken(toTokenRequest(args, changed), options)
  await check(`${id} verify`, async () => {
    const verified = await verify(token)
    assert.equal(verified.sessionId, args.sessionId ?? null)
    assert.equal(verified.data, args.data ?? null)
  })
  const pace = args.algorithm === 'ed25519' ? { bits: [0, 5], every: 2 } : {}
  await check(tamperCheck(id), () => refuseBitFlips(token, verify, pace))
}

function toOptions(args: MediaTokenArguments): mediaCdn.MediaCdnTokenOptions {
  const { algorithm, key, expires } = args
  return {
    key: algorithm === 'ed25519' ? { algorithm, key } : { algorithm, secret: key },
    expiresAt: atSeconds(expires),
    ...optional('urlPrefix', args.urlPrefix),
    ...optional('pathGlobs', args.pathGlobs?.split(',')),
    ...optional('fullPath', args.fullPath),
    ...optional('startsAt', args.starts === undefined ? undefined : atSeconds(args.starts)),
    ...optional('sessionId', args.sessionId),
    ...optional('data', args.data),
    ...optional(
      'headers',
      args.headers?.map(({ name, value }) => [name, value] as const),
    ),
    ...optional('ipRanges', args.ipRanges?.split(',')),
  }
}

async function toVerifyKey({
  algorithm,
  key,
}: MediaTokenArguments): Promise<mediaCdn.MediaCdnTokenVerifyKey> {
  return algorithm === 'ed25519'
    ? { algorithm, publicKey: await publicHalf(key) }
    : { algorithm, secret: key }
}

/** A request the token opens: its scope with the wildcards filled in, its headers, an address of its first range. */
function toTokenRequest(args: MediaTokenArguments, token: string) {
  const [glob = '/x'] = args.pathGlobs?.split(',') ?? []
  const path = args.fullPath ?? glob.replaceAll('*', 'x').replaceAll('?', 'y')
  const base = args.urlPrefix ?? `https://media.example.test${path}`
  const headers = (args.headers ?? []).flatMap(({ name, value }) => [name, value])
  const [range = '203.0.113.7'] = args.ipRanges?.split(',') ?? []
  const clientIp = range.split('/')[0] ?? ''
  return toRequest(`${base}?edge-cache-token=${token}`, { headers, clientIp })
}
