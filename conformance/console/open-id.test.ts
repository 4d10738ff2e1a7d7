/** Signing in to the console with OpenID Connect, from a real provider; and who tries to get in by it otherwise. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from '../../packages/server/src/start-server.ts'
import { buildConsole } from './build-console.ts'
import { GROUPS, goToProvider } from './go-to-provider.ts'
import { locationOf, openPlainBrowser } from './plain-browser.ts'
import type { PlainBrowser } from './plain-browser.ts'
import { startProvider } from './start-provider.ts'
import type { RunningProvider } from './start-provider.ts'

const OWN = { 'x-hallpass-console': '1' }

interface Place {
  readonly url: string
  readonly dataDir: string
  readonly provider: RunningProvider
  readonly adminKey: string
  /** Starts the server again, with other settings. */
  restart(settings: Readonly<Record<string, unknown>>): Promise<void>
}

async function withPlace(use: (place: Place) => Promise<void>): Promise<void> {
  buildConsole()
  const provider = await startProvider()
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-openid-'))
  const settings = {
    dataDir,
    port: 0,
    logLevel: 'silent',
    oidcIssuer: provider.issuer,
    oidcClientId: provider.clientId,
    oidcClientSecret: provider.clientSecret,
    oidcGroups: GROUPS,
  } as const
  let server = await startServer(settings)
  const { url, port, firstStart } = server
  provider.allow(`${url}/-/console/openid/callback`)
  provider.accounts.set('ann', { email: 'ann@example.com', groups: ['staff', 'file-admins'] })
  provider.accounts.set('sam', { email: 'sam@example.com', groups: ['support'] })
  provider.accounts.set('eve', { email: 'eve@example.com', groups: ['staff'] })
  provider.accounts.set('tom', { email: 'tom@example.com', groups: null })
  try {
    await use({
      url,
      dataDir,
      provider,
      adminKey: firstStart.adminKey ?? '',
      async restart(more) {
        await server.close()
        server = await startServer({ ...settings, port, ...more })
      },
    })
  } finally {
    await server.close()
    await provider.stop()
    await rm(dataDir, { recursive: true })
  }
}

async function signIn(place: Place, login: string): Promise<PlainBrowser> {
  const browser = openPlainBrowser()
  const back = await goToProvider(place.url, browser, login)
  const answer = await browser.send(back)
  assert.equal(answer.headers.get('location'), '/-/console')
  return browser
}

async function ask(place: Place, browser: PlainBrowser, path: string, method = 'GET') {
  const answer = await browser.send(`${place.url}${path}`, { method, headers: OWN })
  const text = await answer.text()
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
  return { status: answer.status, json }
}

/** Of the cookie that belongs to one sign-in. */
function keptName({ url }: Place): string {
  return `hallpass_sign_in_${new URL(url).port}`
}

async function refusalOf(answer: Response): Promise<string> {
  assert.equal(answer.status, 303)
  assert.equal(
    answer.headers.getSetCookie().filter((line) => line.startsWith('hallpass_session')).length,
    0,
  )
  const [, code = ''] =
    /^\/-\/console\?refused=([a-z-]+)$/.exec(answer.headers.get('location') ?? '') ?? []
  return code
}

test('groups of the provider become rights, and the trail says who did what', async () => {
  await withPlace(async (place) => {
    const ann = await signIn(place, 'ann')
    const me = await ask(place, ann, '/v1/me')
    assert.equal(me.json['id'], 'person.ann')
    assert.equal(me.json['name'], 'ann@example.com')
    assert.deepEqual(me.json['groups'], ['file-admins'])
    assert.equal((await ask(place, ann, '/v1/buckets/acme', 'PUT')).status, 201)
    const sam = await signIn(place, 'sam')
    assert.equal((await ask(place, sam, '/v1/files?folder=acme')).status, 200)
    assert.equal((await ask(place, sam, '/v1/buckets/other', 'PUT')).status, 403)
    assert.equal((await ask(place, sam, '/v1/api-keys')).status, 403)
    const { json } = await ask(place, ann, '/v1/events?key=person.ann')
    const kinds = (json['events'] as { kind: string }[]).map(({ kind }) => kind)
    assert.ok(kinds.includes('session.begun'))
    assert.ok(kinds.includes('bucket.created'))
  })
})

test('who signs out is led to the provider, which asks whether its own session shall end', async () => {
  await withPlace(async (place) => {
    const ann = await signIn(place, 'ann')
    assert.equal((await ask(place, ann, '/v1/session', 'DELETE')).status, 204)
    const out = `${place.url}/-/console/openid/out`
    const at = locationOf(await ann.send(out), out)
    assert.ok(at.startsWith(`${place.provider.issuer}/session/end?`))
    const page = await (await ann.send(at)).text()
    const xsrf = /name="xsrf" value="(\w+)"/.exec(page)?.[1] ?? ''
    const form = { xsrf, logout: 'yes' }
    const done = await ann.send(`${place.provider.issuer}/session/end/confirm`, { form })
    assert.equal(locationOf(done, at), `${place.url}/-/console`)
    // The provider does not know her any more: it asks who it is.
    const start = `${place.url}/-/console/openid`
    const there = locationOf(await ann.send(start), start)
    const asked = locationOf(await ann.send(there), there)
    assert.match(await (await ann.send(asked)).text(), /name="prompt" value="login"/)
  })
})

test('somebody in none of the groups does not come in, nor without any', async () => {
  await withPlace(async (place) => {
    for (const login of ['eve', 'tom']) {
      const browser = openPlainBrowser()
      const back = await goToProvider(place.url, browser, login)
      assert.equal(await refusalOf(await browser.send(back)), 'sign-in-no-group')
      assert.equal((await ask(place, browser, '/v1/me')).status, 401)
    }
  })
})

test('a sign-in works once, in the browser that began it, with the state it began with', async () => {
  await withPlace(async (place) => {
    const ann = openPlainBrowser()
    const back = await goToProvider(place.url, ann, 'ann')
    const kept = ann.cookies(place.url).get(keptName(place)) ?? ''
    // Somebody sends their own way back to somebody else: the victim would act in the attacker's name.
    const victim = openPlainBrowser()
    assert.equal(await refusalOf(await victim.send(back)), 'sign-in-stale')
    await goToProvider(place.url, victim, 'sam')
    assert.equal(await refusalOf(await victim.send(back)), 'sign-in-stale')
    assert.equal((await ann.send(back)).headers.get('location'), '/-/console')
    // Once more, by whoever read all of it on the way.
    const thief = openPlainBrowser()
    thief.plant(place.url, keptName(place), kept)
    assert.equal(await refusalOf(await thief.send(back)), 'sign-in-refused')
    await ask(place, ann, '/v1/session', 'DELETE')
    thief.plant(place.url, keptName(place), kept)
    assert.match(await refusalOf(await thief.send(back)), /^sign-in-(?:refused|stale)$/)
  })
})

test('a code of another sign-in, another issuer and a wrong state are refused', async () => {
  await withPlace(async (place) => {
    const [ann, eve] = [openPlainBrowser(), openPlainBrowser()]
    const annBack = new URL(await goToProvider(place.url, ann, 'ann'))
    const samBack = new URL(await goToProvider(place.url, eve, 'sam'))
    const kept = ann.cookies(place.url).get(keptName(place)) ?? ''
    const change = async (name: string, value: string): Promise<string> => {
      const url = new URL(annBack)
      url.searchParams.set(name, value)
      ann.plant(place.url, keptName(place), kept)
      return refusalOf(await ann.send(url.href))
    }
    assert.equal(await change('code', samBack.searchParams.get('code') ?? ''), 'sign-in-refused')
    assert.equal(await change('iss', 'https://other.example'), 'sign-in-refused')
    assert.equal(await change('state', 'x'.repeat(43)), 'sign-in-stale')
    assert.equal(await change('error', 'access_denied'), 'sign-in-refused')
  })
})

test('nothing in the request says where it leads', async () => {
  await withPlace(async (place) => {
    const browser = openPlainBrowser()
    for (const query of [
      'to=https://evil.example',
      'redirect_uri=https://evil.example',
      'return=//evil.example',
    ]) {
      const start = `${place.url}/-/console/openid?${query}`
      const to = new URL(locationOf(await browser.send(start), start))
      assert.equal(to.origin, place.provider.issuer)
      const callback = to.searchParams.get('redirect_uri')
      assert.equal(callback, `${place.url}/-/console/openid/callback`)
    }
    const forged = await browser.send(`${place.url}/-/console/openid`, {
      headers: { 'x-forwarded-host': 'evil.example' },
    })
    const to = new URL(locationOf(forged, place.url))
    assert.equal(to.searchParams.get('redirect_uri'), `${place.url}/-/console/openid/callback`)
    assert.equal(to.searchParams.get('code_challenge_method'), 'S256')
  })
})

test('a cookie that was there before is not the one of the session, and ends with it', async () => {
  await withPlace(async (place) => {
    const first = await signIn(place, 'sam')
    const [name = ''] = [...first.cookies(place.url).keys()]
    const planted = first.cookies(place.url).get(name) ?? ''
    const victim = openPlainBrowser()
    victim.plant(place.url, name, planted)
    const back = await goToProvider(place.url, victim, 'ann')
    await victim.send(back)
    assert.notEqual(victim.cookies(place.url).get(name), planted)
    assert.equal((await ask(place, victim, '/v1/me')).json['subject'], 'ann')
    assert.equal((await ask(place, first, '/v1/me')).json['code'], 'session-over')
  })
})

test('a session ends when its owner signs out, is swept, or the settings know its groups no more', async () => {
  await withPlace(async (place) => {
    const [ann, sam, other] = [
      await signIn(place, 'ann'),
      await signIn(place, 'sam'),
      await signIn(place, 'ann'),
    ]
    const [name = ''] = [...other.cookies(place.url).keys()]
    const stolen = openPlainBrowser()
    stolen.plant(place.url, name, other.cookies(place.url).get(name) ?? '')
    assert.equal((await ask(place, other, '/v1/session', 'DELETE')).status, 204)
    assert.equal(other.cookies(place.url).size, 0)
    assert.equal((await ask(place, stolen, '/v1/me')).json['code'], 'session-over')
    await place.restart({ oidcGroups: [GROUPS[0] ?? {}] })
    assert.equal((await ask(place, sam, '/v1/me')).json['code'], 'session-over')
    assert.equal((await ask(place, ann, '/v1/me')).status, 200)
    const swept = await fetch(`${place.url}/v1/revocations`, {
      method: 'POST',
      headers: { authorization: place.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'person.ann' }),
    })
    assert.equal(swept.status, 201)
    assert.equal((await ask(place, ann, '/v1/me')).json['code'], 'session-over')
    assert.equal((await ask(place, await signIn(place, 'ann'), '/v1/buckets')).status, 200)
  })
})

test('the cookie alone does nothing, from elsewhere least of all', async () => {
  await withPlace(async (place) => {
    const ann = await signIn(place, 'ann')
    const put = (headers: Readonly<Record<string, string>>): Promise<Response> =>
      ann.send(`${place.url}/v1/buckets/stolen`, { method: 'PUT', headers })
    const foreign = [
      {},
      { origin: 'https://evil.example', ...OWN },
      { 'sec-fetch-site': 'cross-site', ...OWN },
      { 'sec-fetch-site': 'same-site', ...OWN },
      { origin: 'null', ...OWN },
      { origin: place.url, 'sec-fetch-site': 'same-origin' },
    ]
    for (const headers of foreign) {
      const answer = await put(headers)
      assert.equal(answer.status, 403, JSON.stringify(headers))
      assert.equal(((await answer.json()) as { code: string }).code, 'session-foreign')
      assert.equal(answer.headers.get('access-control-allow-origin'), null)
    }
    const list = (await ask(place, ann, '/v1/buckets')).json['buckets'] as object[]
    assert.equal(list.length, 1)
    assert.equal(
      (await put({ origin: place.url, 'sec-fetch-site': 'same-origin', ...OWN })).status,
      201,
    )
  })
})

test('a provider that does not answer is said so, and keys work on', async () => {
  await withPlace(async (place) => {
    await place.provider.stop()
    await place.restart({})
    const browser = openPlainBrowser()
    assert.equal(
      await refusalOf(await browser.send(`${place.url}/-/console/openid`)),
      'sign-in-unavailable',
    )
    const me = await fetch(`${place.url}/v1/me`, { headers: { authorization: place.adminKey } })
    assert.equal(me.status, 200)
  })
})
