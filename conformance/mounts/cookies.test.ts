/** Cookies of CloudFront for a folder: what they open, for how long, for whom, and what is never opened by them. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { verifyCloudFrontCookies } from '@hallpass/signing/cloudfront'
import type { RunningServer } from '../lib/start-server.ts'
import { askRest, storeOf, withMountedBucket } from './mounted-world.ts'
import type { RestAnswer } from './mounted-world.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PRIVATE = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const PUBLIC = publicKey.export({ type: 'spki', format: 'pem' }).toString()

interface Issued {
  readonly id: string
  readonly resource: string
  readonly cookies: Readonly<Record<string, string>>
  readonly setCookie: readonly string[]
  readonly expiresAt: string
  readonly delivery: string
}

async function ask(front: RunningServer, wish: object): Promise<RestAnswer> {
  return askRest(front, 'POST', '/v1/cookies', wish)
}

async function issue(front: RunningServer, wish: object): Promise<Issued> {
  const { status, json } = await ask(front, wish)
  assert.equal(status, 201, JSON.stringify(json))
  return json as Issued
}

async function assertRefused(
  front: RunningServer,
  wish: object,
  refused: { readonly code: string; readonly [member: string]: unknown },
): Promise<void> {
  const { json } = await ask(front, wish)
  const { code, ...members } = refused
  assert.equal((json as { code: string }).code, code, JSON.stringify(json))
  for (const [member, value] of Object.entries(members)) {
    assert.equal((json as Record<string, unknown>)[member], value, JSON.stringify(json))
  }
}

async function setPolicy(front: RunningServer, folder: string, policy: object): Promise<void> {
  const answer = await askRest(front, 'PUT', `/v1/folders/${folder}`, { policy })
  assert.equal(answer.status, 200, JSON.stringify(answer.json))
}

/** What the CDN would say to a browser that sends them. */
function open({ cookies }: Issued, url: string, clientIp = '203.0.113.7'): Date {
  const { host, pathname } = new URL(url)
  const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`)
  const headers = ['Host', host, 'Cookie', cookie.join('; ')]
  const request = { method: 'GET', target: pathname, headers, clientIp }
  const lookup = (id: string): string | null => (id === 'K2ABC' ? PUBLIC : null)
  return verifyCloudFrontCookies(request, { lookup }).expiresAt
}

test('cookies of CloudFront open one folder, within its policy, and say that nothing takes them back', (t) =>
  withMountedBucket(async ({ front, behind }) => {
    const cdn = {
      kind: 'cloudfront',
      url: 'https://cdn.example.com/base',
      keyName: 'K2ABC',
      key: PRIVATE,
    }
    const store = { ...storeOf(behind, 'inner'), cdn }
    const mounted = await askRest(front, 'PUT', '/v1/buckets/outer', { store })
    assert.equal(mounted.status, 200, JSON.stringify(mounted.json))
    await setPolicy(front, 'outer', { delivery: 'direct', maxDownloadSeconds: 900 })

    await t.test(
      'they open what lies in the folder and nothing beside it, until their end',
      async () => {
        const before = Date.now()
        const issued = await issue(front, { path: 'outer/a *?b/', expiresIn: 600 })
        assert.equal(issued.delivery, 'direct')
        assert.equal(issued.resource, 'https://cdn.example.com/base/a%20%2A%3Fb/*')
        const end = open(issued, 'https://cdn.example.com/base/a%20%2A%3Fb/deep/1.ts')
        assert.equal(end.toISOString(), issued.expiresAt)
        assert.ok(end.getTime() >= before + 600_000 && end.getTime() <= Date.now() + 601_000)
        for (const other of ['base/a%20%2A%3Fbc/x', 'base/a%20xyb/x', 'base/x', 'a%20%2A%3Fb/x']) {
          assert.throws(() => open(issued, `https://cdn.example.com/${other}`), {
            code: 'resource-mismatch',
          })
        }
        assert.throws(() => open(issued, 'https://other.example.com/base/a%20%2A%3Fb/x'))
      },
    )

    await t.test("they are what Amazon's own signer makes of the same policy", async () => {
      const { cookies } = await issue(front, { path: 'outer/films', ip: '203.0.113.0/24' })
      const encoded = cookies['CloudFront-Policy'] ?? ''
      const base64 = encoded.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/')
      const policy = Buffer.from(base64, 'base64').toString()
      const algorithm = 'SHA256'
      const theirs = getSignedCookies({
        policy,
        keyPairId: 'K2ABC',
        privateKey: PRIVATE,
        algorithm,
      })
      assert.deepEqual(cookies, { ...theirs })
    })

    await t.test('they are bound to the one network that is asked for', async () => {
      const url = 'https://cdn.example.com/base/films/1.ts'
      const issued = await issue(front, { path: 'outer/films', ip: '203.0.113.7' })
      open(issued, url)
      assert.throws(() => open(issued, url, '203.0.113.8'))
      await assertRefused(
        front,
        { path: 'outer/films', ip: '2001:db8::/48' },
        { code: 'field-invalid', field: 'ip' },
      )
    })

    await t.test(
      'they come with the attributes that keep them from scripts and other sites',
      async () => {
        const bare = await issue(front, { path: 'outer/films' })
        assert.equal(bare.setCookie.length, Object.keys(bare.cookies).length)
        for (const line of bare.setCookie) {
          assert.match(
            line,
            /^CloudFront-[A-Za-z-]+=[^;]+; Path=\/base\/films\/; Secure; HttpOnly; SameSite=Lax$/,
          )
        }
        const wish = { path: 'outer/', domain: 'example.com', sameSite: 'None' }
        for (const line of (await issue(front, wish)).setCookie) {
          assert.match(
            line,
            /; Domain=example\.com; Path=\/base\/; Secure; HttpOnly; SameSite=None$/,
          )
        }
        for (const domain of ['example.net', 'ample.com', 'other.example.com', 'com']) {
          await assertRefused(
            front,
            { ...wish, domain },
            { code: 'field-invalid', field: 'domain' },
          )
        }
      },
    )

    await t.test('they live no longer than the folder allows, or a folder in it', async () => {
      await assertRefused(
        front,
        { path: 'outer/films', expiresIn: 901 },
        { code: 'expiry-too-long' },
      )
      await setPolicy(front, 'outer/films/short', { maxDownloadSeconds: 60 })
      await assertRefused(
        front,
        { path: 'outer/films', expiresIn: 61 },
        { code: 'expiry-too-long' },
      )
      await issue(front, { path: 'outer/films', expiresIn: 60 })
    })

    await t.test(
      'they open no folder in which a link has more to keep to than they can',
      async () => {
        const lines = [
          ['delivery', 'redirected'],
          ['maxUses', 1],
          ['requireIp', true],
          ['methods', ['PUT']],
        ] as const
        for (const [line, value] of lines) {
          await setPolicy(front, 'outer/kept/in', { [line]: value })
          await assertRefused(
            front,
            { path: 'outer/kept' },
            { code: 'policy-refused', field: line },
          )
          await assertRefused(
            front,
            { path: 'outer/kept/in/deep' },
            { code: 'policy-refused', field: line },
          )
        }
        await issue(front, { path: 'outer/kep' })
        await setPolicy(front, 'outer/kept/in', {})
        await issue(front, { path: 'outer/kept' })
      },
    )

    await t.test('a key gives no more than it has, and from its own network alone', async () => {
      const make = async (scope: object): Promise<RunningServer> => {
        const made = await askRest(front, 'POST', '/v1/api-keys', { name: 'narrow', ...scope })
        assert.equal(made.status, 201, JSON.stringify(made.json))
        return { ...front, adminKey: (made.json as { key: string }).key }
      }
      const all = ['share', 'read', 'list']
      const within = await make({ actions: all, pathPrefix: 'outer/films/' })
      await issue(within, { path: 'outer/films/' })
      await assertRefused(within, { path: 'outer/' }, { code: 'forbidden' })
      const blind = await make({ actions: ['share', 'read'], pathPrefix: 'outer/' })
      await assertRefused(blind, { path: 'outer/films' }, { code: 'forbidden' })
      const here = await make({ actions: all, pathPrefix: 'outer/', cidrs: ['127.0.0.0/8'] })
      const bound = await issue(here, { path: 'outer/films' })
      open(bound, 'https://cdn.example.com/base/films/1', '127.0.0.1')
      assert.throws(() => open(bound, 'https://cdn.example.com/base/films/1'))
    })

    await t.test(
      'the record and the trail say that they were handed out, and to whom the end belongs',
      async () => {
        const { id } = await issue(front, { path: 'outer/films', label: 'evening' })
        const { json } = await askRest(front, 'GET', `/v1/links/${id}`)
        const record = json as Record<string, unknown>
        assert.equal(record['cookies'], true)
        assert.equal(record['path'], 'outer/films/')
        assert.equal(record['label'], 'evening')
        const { json: page } = await askRest(front, 'GET', `/v1/events?link=${id}`)
        const [event] = (page as { events: { kind: string; detail: Record<string, unknown> }[] })
          .events
        assert.equal(event?.kind, 'link.issued')
        assert.equal(event?.detail['cookies'], true)
        assert.doesNotMatch(JSON.stringify([json, page]), /CloudFront-|Signature/)
      },
    )

    await t.test('where no CloudFront stands before the bucket there are none', async () => {
      const wrong = { ...cdn, url: 'https://cdn.example.com/b*' }
      const refused = await askRest(front, 'PUT', '/v1/buckets/outer', {
        store: { ...store, cdn: wrong },
      })
      assert.equal(refused.status, 400, JSON.stringify(refused.json))
      const bunny = { kind: 'bunny', url: cdn.url, key: 'bunny-security-key-of-the-zone' }
      for (const other of [{ ...store, cdn: bunny }, storeOf(behind, 'inner')]) {
        assert.equal(
          (await askRest(front, 'PUT', '/v1/buckets/outer', { store: other })).status,
          200,
        )
        await assertRefused(
          front,
          { path: 'outer/films' },
          { code: 'field-invalid', field: 'path' },
        )
      }
    })
  }))
