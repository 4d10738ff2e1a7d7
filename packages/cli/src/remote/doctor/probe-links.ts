/**
 * Tries what a link must not do, with a file of its own.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { readNothing } from '../read-shape.ts'
import { attempt } from './findings.ts'
import type { Fault, Finding } from './findings.ts'
import { findMissingFileHeaders } from './look-from-outside.ts'
import { PROBE_TEXT } from './probe-world.ts'
import type { ProbeWorld } from './probe-world.ts'

const PROXY =
  'Hallpass refuses that itself: look at what stands before it, and whether it is Hallpass.'

export async function probeLinks(world: ProbeWorld): Promise<Finding[]> {
  return Promise.all([
    attempt({
      item: 'rights-first',
      id: 'unsigned',
      passed: 'A private file without a signature is refused.',
      look: () => findServedUnsigned(world),
    }),
    attempt({
      item: 'rights-first',
      id: 'tampered',
      passed: 'A link with another signature, or for another file, is refused.',
      look: () => findServedTampered(world),
    }),
    attempt({
      item: 'short-lives',
      id: 'expired',
      passed: 'A link is refused once it has ended.',
      look: () => findServedExpired(world),
    }),
    attempt({
      item: 'referrers',
      id: 'file-headers',
      passed: 'A file sends no referrer on, and runs nothing.',
      look: async () => findMissingFileHeaders((await open(world)).headers),
    }),
    attempt({
      item: 'caching',
      id: 'cache-control',
      passed: 'A private file is kept by no shared cache, and by none past its link.',
      look: () => findCaching(world),
    }),
    attempt({
      item: 'cookies',
      id: 'no-cookie',
      passed: 'A file comes without a cookie.',
      look: async () => ((await open(world)).headers.has('set-cookie') ? COOKIE : null),
    }),
    attempt({
      item: 'methods',
      id: 'other-method',
      passed: 'A link that downloads neither stores nor deletes.',
      look: () => findOtherMethod(world),
    }),
    attempt({
      item: 'redirects',
      id: 'content',
      passed: 'GET /v1/files/ID/content leads to a fresh link, and the redirect is not kept.',
      look: () => findNoRedirect(world),
    }),
    attempt({
      item: 'revocation',
      id: 'revoked',
      passed: 'A revoked link is refused within a second.',
      look: () => findServedRevoked(world),
    }),
  ])
}

const COOKIE: Fault = {
  found: 'A file comes with a cookie.',
  remedy: 'Hallpass sets none there: look at what stands before it.',
}

async function findServedUnsigned(world: ProbeWorld): Promise<Fault | null> {
  const { url } = await world.link({})
  const { status } = await get(url.split('?')[0] ?? '')
  return status === 403 ? null : served('A private file without a signature', status)
}

async function findServedTampered(world: ProbeWorld): Promise<Fault | null> {
  const { url } = await world.link({})
  const last = url.at(-1) === '0' ? '1' : '0'
  const changed = [`${url.slice(0, -1)}${last}`, url.replace('probe.txt', 'other.txt')]
  for (const forged of changed) {
    const { status } = await get(forged)
    if (status !== 403) return served('A changed link', status)
  }
  return null
}

async function findServedExpired(world: ProbeWorld): Promise<Fault | null> {
  const { url } = await world.link({ expiresIn: 1 })
  await sleep(2500)
  const { status } = await get(url)
  return status === 403 ? null : served('A link that ended a second ago', status)
}

async function findServedRevoked(world: ProbeWorld): Promise<Fault | null> {
  const { id, url } = await world.link({})
  await world.call({ method: 'DELETE', path: `/v1/links/${id}` }, readNothing)
  await sleep(1000)
  const { status } = await get(url)
  return status === 403 ? null : served('A link that was revoked a second ago', status)
}

async function findOtherMethod(world: ProbeWorld): Promise<Fault | null> {
  const { url } = await world.link({})
  for (const method of ['PUT', 'DELETE'] as const) {
    const { status } = await get(url, method)
    if (status < 400) return served(`${method} with a link that downloads`, status)
  }
  const text = await (await fetch(url)).text()
  return text === PROBE_TEXT ? null : served('After that the file', 200)
}

async function findCaching(world: ProbeWorld): Promise<Fault | null> {
  const value = (await open(world)).headers.get('cache-control') ?? ''
  const isPrivate = /\b(?:private|no-store)\b/.test(value) && !/\bpublic\b|s-maxage/.test(value)
  const kept = Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0)
  if (isPrivate && kept <= 60) return null
  return {
    found: `A private file comes with Cache-Control: ${value === '' ? '(none)' : value}.`,
    remedy: 'Let the proxy pass Cache-Control on as it is, and keep nothing that is private.',
  }
}

async function findNoRedirect({ connection, fileId }: ProbeWorld): Promise<Fault | null> {
  const { origin, apiKey } = connection
  const answer = await fetch(`${origin}/v1/files/${fileId}/content`, {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: 'manual',
  })
  await answer.body?.cancel()
  const isKept = !/no-store/.test(answer.headers.get('cache-control') ?? '')
  if (answer.status === 302 && !isKept) return null
  return {
    found: `It is answered ${answer.status}${isKept ? ', and may be kept' : ''}.`,
    remedy:
      'It must be 302 with no-store. Where the policy of a folder wants a reason or addresses, ask for a link.',
  }
}

/** The file, as a link gives it. */
async function open(world: ProbeWorld): Promise<Response> {
  const { url } = await world.link({})
  return get(url)
}

async function get(url: string, method: 'GET' | 'PUT' | 'DELETE' = 'GET'): Promise<Response> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    ...(method === 'PUT' && { body: 'changed' }),
  })
  await answer.body?.cancel()
  return answer
}

function served(what: string, status: number): Fault {
  return { found: `${what} is answered ${status}.`, remedy: PROXY }
}
