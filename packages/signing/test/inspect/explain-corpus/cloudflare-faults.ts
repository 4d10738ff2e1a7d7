/**
 * Ways in which links for Cloudflare's timed HMACs break, signed by the documented algorithm.
 */
import { createHmac } from 'node:crypto'
import { NOW, addSeconds } from './case.ts'
import type { Fault, Sample } from './case.ts'
import { edit, fault } from './other-faults.ts'
import { LIFE, sentTo } from './other-samples.ts'
import type { Random } from './random.ts'

interface LinkOptions {
  readonly path?: string
  readonly query?: string
  readonly isSeparatorSigned?: boolean
}

function cloudflareSample(random: Random, options: LinkOptions = {}): Sample {
  const secret = random.text(32, 'abcdefghijklmnopqrstuvwxyz0123456789')
  const path = options.path ?? random.pick(['/download/cat.jpg', '/members/2036/report.pdf'])
  const message = options.query === undefined ? path : `${path}?${options.query}`
  const name = random.pick(['verify', 'mac', 'auth'])
  const separator = `${options.query === undefined ? '?' : '&'}${name}=`
  const issued = Math.floor(NOW.getTime() / 1000) - random.int(1, 50)
  const signed = options.isSeparatorSigned === true ? message + separator : message
  const mac = createHmac('sha256', secret).update(`${signed}${issued}`)
  const digits =
    random.next() < 0.5 ? encodeURIComponent(mac.digest('base64')) : mac.digest('base64url')
  return {
    request: sentTo('GET', `https://zone.example.com${message}${separator}${issued}-${digits}`),
    key: { secret },
    signedAt: new Date(issued * 1000),
    expiresAt: new Date((issued + LIFE) * 1000),
  }
}

export const CLOUDFLARE_FAULTS: readonly Fault[] = [
  fault('lifetime-in-rule', 'Cloudflare: a link older than the ttl', 'either', (random, index) => {
    const sample = cloudflareSample(random)
    return {
      sample,
      now: addSeconds(sample.expiresAt, random.int(5, 90_000)),
      ...(index % 3 === 0 ? { response: { status: 403, headers: [], body: '' } } : {}),
    }
  }),
  fault('separator-signed', 'Cloudflare: the separator signed too', 'keyed', (random) => ({
    sample: cloudflareSample(random, {
      isSeparatorSigned: true,
      ...(random.next() < 0.5 ? { query: 'lang=en&v=2' } : {}),
    }),
  })),
  fault('parameter-after-signature', 'Cloudflare: a parameter behind the MAC', 'either', (random) =>
    edit(cloudflareSample(random), (url) => `${url}&${random.pick(['download=1', 'v=2'])}`),
  ),
  fault('path-trailing-slash', 'Cloudflare: a slash added to the path', 'keyed', (random) =>
    edit(cloudflareSample(random), (url) => url.replace('?', '/?')),
  ),
  fault('path-escape-case', 'Cloudflare: escapes in lower case', 'keyed', (random) =>
    edit(cloudflareSample(random, { path: '/caf%C3%A9/menu.pdf' }), (url) =>
      url.replace('%C3%A9', '%c3%a9'),
    ),
  ),
  fault('secret-whitespace', 'Cloudflare: a key read with its line break', 'keyed', (random) => {
    const sample = cloudflareSample(random)
    return { sample: { ...sample, key: { secret: `${sample.key.secret}\n` } } }
  }),
  fault('key-mismatch', 'Cloudflare: a key of another zone', 'keyed', (random) => ({
    sample: { ...cloudflareSample(random), key: { secret: random.text(32, 'abcdef0123456789') } },
  })),
]
