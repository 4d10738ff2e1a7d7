import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACTIONS } from '../../../src/catalog/records.ts'
import type { Action } from '../../../src/catalog/records.ts'
import { S3_ROUTES } from '../../../src/api/s3/routes.ts'
import type { S3Route } from '../../../src/api/s3/routes.ts'
import { setAccessKeyDisabled } from '../../../src/core/keys/access-keys.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, put } from '../../support/core.ts'
import { signedFetch, withS3 } from './support.ts'
import type { Credentials, PresignOptions, S3Server } from './support.ts'

/** A form carries its credentials itself: post-object.test.ts has its matrix. */
// ZipFolder takes no key at all, but the tickets of shares alone (conformance/share).
const ROUTES = S3_ROUTES.filter(({ name, body }) => body !== 'form' && name !== 'ZipFolder')

const PATHS: Readonly<Record<S3Route['on'], string>> = {
  service: '',
  bucket: 'acme',
  object: 'acme/dir/a.txt',
}

function queryOf({ query }: S3Route): Record<string, string> {
  return Object.fromEntries(query.map((name) => [name, name === 'list-type' ? '2' : '']))
}

/** The header that selects it, with a source that every key may read which may do what the route does. */
function headersOf({ header }: S3Route): Record<string, string> {
  return header === null ? {} : { [header]: '/acme/dir/a.txt' }
}

/** What is asked for besides the route's own action: whoever copies reads. */
function neededBy({ action, header }: S3Route): readonly Action[] {
  return header === 'x-amz-copy-source' ? [action, 'read'] : [action]
}

/** Presigned, as a link or a client would send it. */
function byUrl(server: S3Server, route: S3Route, options: PresignOptions = {}): string {
  return server.presign(route.method, PATHS[route.on], {
    ...options,
    query: queryOf(route),
    headers: headersOf(route),
  })
}

async function send(route: S3Route, url: string): Promise<number> {
  const answer = await fetch(url, {
    method: route.method,
    headers: headersOf(route),
    ...(route.method === 'PUT' ? { body: 'x' } : {}),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** The tree and the blobs behind it, with every call counted. */
function countCalls({ core }: S3Server): () => number {
  let calls = 0
  for (const port of ['files', 'blobs'] as const) {
    const target: object = core[port]
    const counted = new Proxy(target, {
      get: (object, name, receiver) => {
        const found: unknown = Reflect.get(object, name, receiver)
        if (typeof found === 'function') calls += 1
        return found
      },
    })
    Object.assign(core, { [port]: counted })
  }
  return () => calls
}

type Attempt = (server: S3Server, route: S3Route) => Promise<number>

async function keyFor(
  server: S3Server,
  actions: readonly Action[],
  pathPrefix = '',
): Promise<Credentials> {
  return server.createKey({ name: 'n', actions, pathPrefix, mayPresignDelete: true })
}

const EVERYTHING: readonly Action[] = ACTIONS
const REFUSED: Readonly<Record<string, Attempt>> = {
  nobody: (server, route) => {
    const query = new URLSearchParams(queryOf(route))
    return send(route, `${server.origin}/${PATHS[route.on]}?${query}`)
  },
  'a bad signature in the URL': (server, route) =>
    send(route, byUrl(server, route).replace(/Signature=.{4}/, 'Signature=0000')),
  'a bad signature in a header': async (server, route) =>
    signedFetch(server, route.method, PATHS[route.on], {
      query: queryOf(route),
      credentials: { ...server.credentials, secretAccessKey: 'x'.repeat(40) },
    }),
  'an expired URL': (server, route) => {
    const now = new Date(server.core.clock.now() - 3_600_000)
    return send(route, byUrl(server, route, { now }))
  },
  'a header signed long ago': (server, route) =>
    signedFetch(server, route.method, PATHS[route.on], {
      query: queryOf(route),
      now: new Date(server.core.clock.now() - 3_600_000),
    }),
  'a key that is not known': (server, route) => {
    const credentials = { ...server.credentials, accessKeyId: 'HPAAAAAAAAAAAAAAAAAA' }
    return send(route, byUrl(server, route, { credentials }))
  },
  'the secret of another key': async (server, route) => {
    const { secretAccessKey } = await keyFor(server, EVERYTHING)
    const credentials = { ...server.credentials, secretAccessKey }
    return send(route, byUrl(server, route, { credentials }))
  },
  'a revoked key': async (server, route) => {
    const credentials = await keyFor(server, EVERYTHING)
    await revokeKey(
      server.core,
      await authorizeInstance(server.core, admin),
      credentials.accessKeyId,
    )
    return send(route, byUrl(server, route, { credentials }))
  },
  'a key that is switched off': async (server, route) => {
    const credentials = await keyFor(server, EVERYTHING)
    const permit = await authorizeInstance(server.core, admin)
    await setAccessKeyDisabled(server.core, permit, credentials.accessKeyId, true)
    return send(route, byUrl(server, route, { credentials }))
  },
  'a key that has run out': async (server, route) => {
    const expiresAt = new Date(server.core.clock.now() + 1)
    const credentials = await server.createKey({ name: 'n', actions: EVERYTHING, expiresAt })
    server.core.clock.advance(1)
    return send(route, byUrl(server, route, { credentials }))
  },
  'a key for other addresses': async (server, route) => {
    const cidrs = ['198.51.100.0/24']
    const credentials = await server.createKey({ name: 'n', actions: EVERYTHING, cidrs })
    return send(route, byUrl(server, route, { credentials }))
  },
  'a URL for another method': (server, route) => {
    const method = route.method === 'POST' ? 'GET' : 'POST'
    const query = queryOf(route)
    return send(route, server.presign(method, PATHS[route.on], { query }))
  },
}

test('every route refuses every wrong credential, and asks nothing of the storage', async () => {
  await withS3(async (server) => {
    await put(server.core, 'dir/a.txt', 'x')
    const calls = countCalls(server)
    for (const route of ROUTES) {
      for (const [name, attempt] of Object.entries(REFUSED)) {
        assert.equal(await attempt(server, route), 403, `${route.name} with ${name}`)
        assert.equal(calls(), 0, `${route.name} with ${name} reached the storage`)
      }
    }
  })
})

test('every route needs its own action, and no other', async () => {
  await withS3(async (server) => {
    await put(server.core, 'dir/a.txt', 'x')
    const calls = countCalls(server)
    for (const route of ROUTES) {
      const others = EVERYTHING.filter((action) => action !== route.action)
      const without = await keyFor(server, others)
      const url = byUrl(server, route, { credentials: without })
      assert.equal(await send(route, url), 403, `${route.name} without ${route.action}`)
      const signed = { query: queryOf(route), credentials: without }
      assert.equal(await signedFetch(server, route.method, PATHS[route.on], signed), 403)
      assert.equal(calls(), 0, `${route.name} without ${route.action} reached the storage`)
    }
    // Deletions last, so that there is something for the others.
    const inOrder = ROUTES.toSorted(
      (a, b) => Number(a.action === 'delete') - Number(b.action === 'delete'),
    )
    for (const route of inOrder) {
      const credentials = await keyFor(server, neededBy(route))
      const status = await send(route, byUrl(server, route, { credentials }))
      assert.ok(status !== 403 && status < 500, `${route.name} with ${route.action}: ${status}`)
    }
  })
})

test('a key that only reads changes nothing, by any route', async () => {
  await withS3(async (server) => {
    await put(server.core, 'dir/a.txt', 'x')
    const credentials = await keyFor(server, ['read', 'list'])
    for (const route of ROUTES) {
      const mayDo = route.action === 'read' || route.action === 'list'
      const status = await send(route, byUrl(server, route, { credentials }))
      assert.equal(status === 403, !mayDo, `${route.name}: ${status}`)
    }
    assert.notEqual(await server.core.files.find({ bucket: 'acme', key: 'dir/a.txt' }), null)
  })
})

test('a key for another prefix reaches nothing outside it, by any route', async () => {
  await withS3(async (server) => {
    await put(server.core, 'dir/a.txt', 'x')
    for (const pathPrefix of ['other', 'acme/dir2', 'acme/di', 'acme/dir/a']) {
      const credentials = await keyFor(server, EVERYTHING, pathPrefix)
      const calls = countCalls(server)
      for (const route of ROUTES) {
        // What a key is listed at the top is what it reaches itself.
        if (route.on === 'service') continue
        const status = await send(route, byUrl(server, route, { credentials }))
        // Which keys a document names is not known yet: it is refused for having none.
        const isAskedLater = route.forEachKey && pathPrefix.startsWith('acme/')
        assert.equal(status, isAskedLater ? 400 : 403, `${route.name} by a key for ${pathPrefix}`)
        assert.equal(calls(), 0, `${route.name} by a key for ${pathPrefix} reached the storage`)
      }
    }
  })
})
