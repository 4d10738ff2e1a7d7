/**
 * What anybody can try who reaches the server, without a key.
 *
 * @module
 */
import { attempt } from './findings.ts'
import type { Fault, Finding } from './findings.ts'

export interface Outside {
  readonly origin: string
  /** Milliseconds, as this machine has it. */
  readonly now: () => number
  /** In the query of a request that is refused; it must not come back. */
  readonly canary: string
}

const HALF_A_YEAR_SECONDS = 15_552_000
const MAX_SKEW_MS = 30_000
const TIMEOUT_MS = 15_000

/** The first request goes first: if it fails, there is no server. */
export async function lookFromOutside(outside: Outside): Promise<Finding[]> {
  const { origin, canary } = outside
  const health = await ask(`${origin}/-/healthz`)
  const refused = await ask(`${origin}/doctor-probe/none?X-Amz-Signature=${canary}`)
  const text = await refused.text()
  return Promise.all([
    attempt({
      item: 'transport',
      id: 'hsts',
      passed: origin.startsWith('https:')
        ? 'Browsers are told to use https alone (HSTS).'
        : 'The address is not https, and HSTS means nothing there.',
      look: async () => (origin.startsWith('https:') ? findMissingHsts(health) : null),
    }),
    attempt({
      item: 'transport',
      id: 'plain-http',
      passed: 'Nothing answers over http but a redirect.',
      look: () => findPlainHttp(origin),
    }),
    attempt({
      item: 'records',
      id: 'clock',
      passed: 'The clock of the server and the one here agree.',
      look: async () => findSkew(health, outside.now()),
    }),
    attempt({
      item: 'rights-first',
      id: 'no-key',
      passed: 'Without a key nobody gets a link, or learns which files there are.',
      look: () => findOpenApi(origin),
    }),
    attempt({
      item: 'error-reports',
      id: 'refusal-text',
      passed: 'A refusal does not repeat the URL that was refused.',
      look: async () => (text.includes(canary) ? REPEATED : null),
    }),
    attempt({
      item: 'referrers',
      id: 'refusal-headers',
      passed: 'A refusal sends no referrer on, and is nothing but what it says it is.',
      look: async () => findMissingHeaders(refused.headers),
    }),
  ])
}

const REPEATED: Fault = {
  found: 'A refusal repeats the signature of the URL that was refused.',
  remedy:
    'Hallpass does not do that: look at what stands before it, a proxy with error pages of its own.',
}

function ask(url: string, options: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  return fetch(url, { redirect: 'manual', ...options, signal })
}

function findMissingHsts({ headers }: Response): Fault | null {
  const value = headers.get('strict-transport-security')
  const seconds = Number(/max-age=(\d+)/i.exec(value ?? '')?.[1] ?? -1)
  if (seconds >= HALF_A_YEAR_SECONDS) return null
  return {
    status: 'advice',
    found:
      value === null
        ? 'Browsers are not told to use https alone.'
        : `HSTS holds for ${seconds} s only.`,
    remedy: 'Let the proxy send Strict-Transport-Security: max-age=31536000.',
  }
}

/** Only where https is on its usual port: elsewhere nobody knows where http would be. */
async function findPlainHttp(origin: string): Promise<Fault | null> {
  const { protocol, port, hostname } = new URL(origin)
  if (protocol !== 'https:' || port !== '') return null
  const answer = await ask(`http://${hostname}/-/healthz`).catch(() => null)
  await answer?.body?.cancel()
  const location = answer?.headers.get('location') ?? ''
  if (answer === null || answer.status >= 400 || location.startsWith('https:')) return null
  return {
    found: `The server answers over http, too (${answer.status}): a link that is opened there is read by everybody on the way.`,
    remedy: 'Let the proxy redirect http to https, or close the port.',
  }
}

function findSkew({ headers }: Response, now: number): Fault | null {
  const there = Date.parse(headers.get('date') ?? '')
  const skew = Math.abs(there - now)
  if (skew <= MAX_SKEW_MS) return null
  return {
    found: Number.isNaN(there)
      ? 'The server does not say what time it has.'
      : `The clocks are ${Math.round(skew / 1000)} s apart: links seem to end too early or too late.`,
    remedy: 'Let both machines take the time from the network (NTP).',
  }
}

async function findOpenApi(origin: string): Promise<Fault | null> {
  const calls = [
    ['GET', '/v1/files?folder=doctor-probe'],
    ['POST', '/v1/links'],
    ['GET', '/v1/buckets'],
    ['GET', '/v1/events'],
  ] as const
  for (const [method, path] of calls) {
    const answer = await ask(`${origin}${path}`, { method })
    await answer.body?.cancel()
    if (answer.status === 401 || answer.status === 403) continue
    return {
      found: `${method} ${path} without a key is answered ${answer.status}.`,
      remedy: 'It must be 401. Look at what stands before the server: it may add a key of its own.',
    }
  }
  return null
}

const SENDS_NOTHING_ON = ['referrer-policy', /^no-referrer$/] as const
const IS_WHAT_IT_SAYS = ['x-content-type-options', /^nosniff$/] as const
const RUNS_NOTHING = ['content-security-policy', /default-src 'none'|sandbox/] as const

/** Of a refusal, which is no page unless a browser asks. */
function findMissingHeaders(headers: Headers): Fault | null {
  return findOthers(headers, [SENDS_NOTHING_ON, IS_WHAT_IT_SAYS])
}

/** Of a file of somebody. */
export function findMissingFileHeaders(headers: Headers): Fault | null {
  return findOthers(headers, [SENDS_NOTHING_ON, IS_WHAT_IT_SAYS, RUNS_NOTHING])
}

function findOthers(
  headers: Headers,
  wanted: readonly (readonly [name: string, value: RegExp])[],
): Fault | null {
  const others = wanted.filter(([name, value]) => !value.test(headers.get(name) ?? ''))
  if (others.length === 0) return null
  const names = others.map(([name]) => name).join(', ')
  return {
    found: `Not as the server sends them: ${names}.`,
    remedy: 'Let the proxy pass these headers on as they are.',
  }
}
