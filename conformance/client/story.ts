/**
 * What the client must do in every runtime, as a program that asks its runtime for nothing but the web's own. `client.test.ts` runs it
 * in Node, Bun, Deno and Chromium.
 */
import { HallpassError, createHallpass, isHallpassError, pages } from '@hallpass/client'
import type { Hallpass } from '@hallpass/client'

export interface Surroundings {
  readonly url: string
  readonly key: string
  /** An address at which nothing listens. */
  readonly deadUrl: string
}

interface Scene extends Surroundings {
  readonly hp: Hallpass
}

/** By their names: what each found wrong, or `null`. */
export type Findings = Readonly<Record<string, string | null>>

const SCENES: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'a file goes in and comes out': async ({ hp }) => {
    const bytes = new Uint8Array([0, 1, 2, 253, 254, 255])
    const stored = await hp.files.put({
      path: 'acme/in/zwölf (1)+%.bin',
      body: bytes,
      contentType: 'application/x-test',
      metadata: { made: 'here' },
    })
    same(stored.size, 6)
    same(stored.contentType, 'application/x-test')
    same(stored.metadata['made'], 'here')
    const answer = await hp.files.getContent({ id: stored.id })
    same([...new Uint8Array(await answer.arrayBuffer())], [...bytes])
    same((await hp.files.find({ path: stored.path })).id, stored.id)
    const part = await hp.files.getContent({ id: stored.id, range: 'bytes=1-2' })
    same(part.status, 206)
    same([...new Uint8Array(await part.arrayBuffer())], [1, 2])
  },
  'a name says the type where nobody else does': async ({ hp }) => {
    const named = await hp.files.put({ path: 'acme/page.txt', body: 'text' })
    same(named.contentType, 'text/plain')
    const blob = new Blob(['{}'], { type: 'image/png' })
    const typed = await hp.files.put({ path: 'acme/page', body: blob })
    same(typed.contentType, 'image/png')
  },
  'a stream goes in where the runtime sends streams': async ({ hp }) => {
    if (globalThis.location !== undefined) return
    const body = new Blob(['stream']).stream()
    same((await hp.files.put({ path: 'acme/stream.txt', body })).size, 6)
  },
  'a file that is there is not replaced if it must not be': async ({ hp }) => {
    const first = await hp.files.put({ path: 'acme/once.txt', body: '1', overwrite: false })
    await refused(hp.files.put({ path: 'acme/once.txt', body: '2', overwrite: false }), 412)
    await hp.files.put({ path: 'acme/once.txt', body: '3', ifMatch: first.etag })
    await refused(hp.files.put({ path: 'acme/once.txt', body: '4', ifMatch: first.etag }), 412)
  },
  'a link is issued, used, seen and revoked': async ({ hp }) => {
    await hp.files.put({ path: 'acme/report.pdf', body: 'report' })
    const link = await hp.links.create({ path: 'acme/report.pdf', expiresIn: 60 })
    same(await (await fetch(link.url)).text(), 'report')
    same((await hp.links.get({ id: link.id })).status, 'active')
    same(await hp.links.revoke({ id: link.id }), undefined)
    same((await fetch(link.url)).status, 403)
    same((await hp.links.get({ id: link.id })).status, 'revoked')
  },
  'folders have slashes in their names, and nothing walks up along a path': async ({ hp }) => {
    await hp.folders.put({ path: 'acme/a b/ü', visibility: 'private' })
    same((await hp.folders.get({ path: 'acme/a b/ü/' })).visibility, 'private')
    for (const id of ['..', '.', '']) {
      const error = await caught(hp.links.get({ id }))
      same(error.code, 'argument-invalid')
      same(error.field, 'id')
    }
    same((await caught(hp.links.get({ id: '../me' }))).status, 400)
    same((await caught(hp.folders.get({ path: 'acme/../../me' }))).code, 'argument-invalid')
  },
  'an argument that nobody knows is refused here or there': async ({ hp }) => {
    const list = hp.links.list as (input: object) => Promise<unknown>
    same((await caught(list({ nonsense: 1 }))).code, 'argument-invalid')
    const create = hp.links.create as (input: object) => Promise<unknown>
    const error = await caught(create({ path: 'acme/report.pdf', nonsense: 1 }))
    same(error.code, 'field-invalid')
    same(error.field, 'nonsense')
    same(error.status, 400)
  },
  'an option under a wrong name, and a file without a body, are refused before anything is sent':
    async ({ hp, url }) => {
      const put = hp.files.put as (input: object) => Promise<unknown>
      const misspelled = await caught(put({ path: 'acme/kept.txt', body: '1', overwite: false }))
      same([misspelled.code, misspelled.field], ['argument-invalid', 'overwite'])
      const empty = await caught(put({ path: 'acme/kept.txt' }))
      same([empty.code, empty.field], ['argument-invalid', 'body'])
      same((await caught(hp.files.find({ path: 'acme/kept.txt' }))).code, 'file-not-found')
      const create = createHallpass as (options: object) => Hallpass
      for (const [options, field] of [
        [{ url, ky: 'k' }, 'ky'],
        [{}, 'url'],
        [{ url: 'files.example.com' }, 'url'],
      ] as const) {
        const error = await caught((async () => create(options))())
        same([error.code, error.field], ['argument-invalid', field])
      }
    },
  'a list is read page by page': async ({ hp }) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await hp.files.put({ path: `acme/list/${name}`, body: name })
    }
    const seen: string[] = []
    for await (const page of pages(hp.files.list, { folder: 'acme/list', limit: 2 })) {
      if (page.files.length > 2) throw new Error('a page is too long')
      seen.push(...page.files.map(({ name }) => name))
    }
    same(seen, ['a', 'b', 'c', 'd', 'e'])
  },
  'an error has the code, a sentence and what to do': async ({ hp, url }) => {
    const error = await caught(hp.files.get({ id: 'file_missing' }))
    same(error.code, 'file-not-found')
    same(error.status, 404)
    same(error.name, 'HallpassError')
    same(isHallpassError(error, 'file-not-found'), true)
    same(isHallpassError(error, 'forbidden'), false)
    if (!error.message.endsWith('.')) throw new Error(`no sentence: ${error.message}`)
    const wrong = createHallpass({ url, key: 'hp_wrong', retries: 0 })
    same((await caught(wrong.me.get())).code, 'api-key-invalid')
    same((await caught(createHallpass({ url }).me.get())).code, 'unauthenticated')
  },
  'a key may come from a function, once for each request': async ({ url, key }) => {
    let asked = 0
    const hp = createHallpass({ url: `${url}//`, key: async () => ((asked += 1), key) })
    await hp.me.get()
    await hp.me.get()
    same(asked, 2)
  },
  'an aborted call ends with the reason of its signal': async ({ hp }) => {
    const reason = new Error('enough')
    const early = await rejected(hp.me.get({}, { signal: AbortSignal.abort(reason) }))
    same(early, reason)
    const late = new AbortController()
    const stream = hp.events.stream({}, { signal: late.signal })
    const next = rejected(stream.next())
    late.abort(reason)
    same(await next, reason)
  },
  'nothing at the address is an error of the network': async ({ deadUrl }) => {
    const hp = createHallpass({ url: deadUrl, key: 'k', retries: 0 })
    const error = await caught(hp.me.get())
    same(error.code, 'network-failed')
    same(error.status, null)
  },
  'what is safe is sent again, and a POST only if it was turned away at the door': async ({
    url,
    key,
  }) => {
    let calls = 0
    const failing = (status: number): typeof fetch => {
      calls = 0
      return async (input, init) => {
        calls += 1
        if (calls > 1) return fetch(input, init)
        if (status === 0) throw new TypeError('failed')
        return new Response('<html>', { status, headers: { 'retry-after': '0' } })
      }
    }
    const through = (status: number): Hallpass =>
      createHallpass({ url, key, fetch: failing(status) })
    for (const status of [0, 429, 502, 503]) {
      await through(status).me.get()
      same(calls, status === 0 && isForeignPage(url) ? 3 : 2)
    }
    await through(429).links.create({ path: 'acme/report.pdf' })
    same(calls, 2)
    await caught(through(503).links.create({ path: 'acme/report.pdf' }))
    same(calls, 1)
  },
  'a call that takes too long ends': async ({ url, key }) => {
    const never: typeof fetch = (_input, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      })
    const hp = createHallpass({ url, key, fetch: never, timeout: 20, retries: 1 })
    same((await caught(hp.me.get())).code, 'timed-out')
  },
  'an answer of something else is told as such': async ({ url }) => {
    const page: typeof fetch = async () =>
      new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
    const hp = createHallpass({ url, key: 'k', fetch: page })
    same((await caught(hp.me.get())).code, 'answer-unexpected')
  },
  'events come as they happen, and all of them in an export': async ({ hp }) => {
    const enough = new AbortController()
    const stream = hp.events.stream({ kind: 'link.issued' }, { signal: enough.signal })
    const next = stream.next()
    const later = (): Promise<null> =>
      new Promise((resolve) => setTimeout(() => resolve(null), 200))
    try {
      // The stream begins when it begins: something happens until it has.
      let seen = null
      while (seen === null) {
        await hp.links.create({ path: 'acme/report.pdf' })
        seen = await Promise.race([next, later()])
      }
      same(seen.value?.kind, 'link.issued')
    } finally {
      enough.abort()
    }
    let count = 0
    for await (const { kind } of hp.events.export({ kind: 'link.issued' })) {
      same(kind, 'link.issued')
      count += 1
    }
    if (count === 0) throw new Error('the export is empty')
  },
  'text is text': async ({ hp }) => {
    same((await hp.service.getHealth()).trim(), 'ok')
    if (!(await hp.service.getMetrics()).includes('# HELP')) throw new Error('no metrics')
  },
}

/** How a single call is refused; `''`: it is not. */
export async function codeOf({ url, key }: Pick<Surroundings, 'url' | 'key'>): Promise<string> {
  try {
    await createHallpass({ url, key, retries: 0 }).me.get()
    return ''
  } catch (error) {
    return isHallpassError(error) ? error.code : String(error)
  }
}

export async function tell(surroundings: Surroundings): Promise<Findings> {
  const { url, key } = surroundings
  const hp = createHallpass({ url, key })
  await hp.buckets.put({ name: 'acme' })
  const findings: Record<string, string | null> = {}
  for (const [name, play] of Object.entries(SCENES)) {
    try {
      await play({ ...surroundings, hp })
      findings[name] = null
    } catch (error) {
      findings[name] = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
  }
  return findings
}

function isForeignPage(url: string): boolean {
  const page = globalThis.location?.origin
  return page !== undefined && page !== new URL(url).origin
}

function same(actual: unknown, expected: unknown): void {
  if (actual === expected || JSON.stringify(actual) === JSON.stringify(expected)) return
  throw new Error(`${JSON.stringify(actual)} in place of ${JSON.stringify(expected)}`)
}

async function rejected(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

async function caught(work: Promise<unknown>): Promise<HallpassError> {
  const error = await rejected(work)
  if (error instanceof HallpassError) return error
  throw error
}

async function refused(work: Promise<unknown>, status: number): Promise<void> {
  same((await caught(work)).status, status)
}
