import assert from 'node:assert/strict'
import { test } from 'node:test'
import { S3_ROUTES } from '../../../src/api/s3/routes.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { createTemporaryKey } from '../../../src/core/keys/temporary-keys.ts'
import type { TemporaryKey, TemporaryKeyOptions } from '../../../src/core/keys/temporary-keys.ts'
import type { RevocationTarget } from '../../../src/core/links/revocations.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import { authorizeInstance, authorizeReach } from '../../../src/core/policy/authorize.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import { admin, principalWith, put } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { signedFetch, withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const SECONDS = 600

interface Parent {
  readonly id: string
  readonly make: (options?: Partial<TemporaryKeyOptions>) => Promise<TemporaryKey>
}

/** An API key that may share below a prefix, and what makes credentials of it. */
async function makeParent(core: TestCore, pathPrefix = 'acme'): Promise<Parent> {
  const actions = ['read', 'write', 'list', 'share'] as const
  const permit = await authorizeInstance(core, admin)
  const { record } = await createApiKey(core, permit, { name: 'p', actions, pathPrefix })
  const principal = principalWith(record.scope, record.id)
  return {
    id: record.id,
    make: async (options) =>
      createTemporaryKey(core, await authorizeReach(core, principal, 'share'), {
        actions: ['read'],
        pathPrefix: record.scope.pathPrefix,
        expiresInSeconds: SECONDS,
        ...options,
      }),
  }
}

async function get(server: S3Server, credentials: TemporaryKey, key = 'a.txt'): Promise<string> {
  const answer = await fetch(server.presign('GET', `acme/${key}`, { credentials }))
  const text = await answer.text()
  return answer.ok ? text : (/<Code>(\w+)</.exec(text)?.[1] ?? String(answer.status))
}

async function sweep(core: TestCore, target: RevocationTarget): Promise<void> {
  await revokeBefore(core, await authorizeSweep(core, admin, target))
}

test('temporary credentials do what they are for, in a URL and in a header, and nothing else', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', 'content')
    const { make } = await makeParent(server.core)
    const credentials = await make()
    assert.equal(await get(server, credentials), 'content')
    assert.equal(await signedFetch(server, 'GET', 'acme/a.txt', { credentials }), 200)
    assert.equal(await signedFetch(server, 'PUT', 'acme/b.txt', { credentials }), 403)
    assert.equal(await signedFetch(server, 'GET', 'acme', { credentials }), 403)
    const writer = await make({ actions: ['write'], pathPrefix: 'acme/in' })
    assert.equal(await signedFetch(server, 'PUT', 'acme/in/b', { credentials: writer }), 200)
    assert.equal(await signedFetch(server, 'PUT', 'acme/b', { credentials: writer }), 403)
    assert.equal(await signedFetch(server, 'GET', 'acme/in/b', { credentials: writer }), 403)
  })
})

test('they may never more than the key that made them, and live no longer', async () => {
  await withS3(async ({ core }) => {
    const { make } = await makeParent(core, 'acme/in')
    for (const more of [
      { actions: ['delete'] },
      { pathPrefix: '' },
      { pathPrefix: 'acme' },
      { pathPrefix: 'acme/inner' },
    ] as const) {
      await assert.rejects(make(more), (error) => isRefusal(error, 'forbidden'))
    }
    const permit = await authorizeInstance(core, admin)
    const expiresAt = new Date(core.clock.now() + 5000)
    const options = { name: 'p', actions: ['read', 'share'], expiresAt } as const
    const { record } = await createApiKey(core, permit, options)
    const reach = await authorizeReach(core, principalWith(record.scope, record.id), 'share')
    const made = await createTemporaryKey(core, reach, { actions: ['read'], expiresInSeconds: 60 })
    assert.equal(made.record.expiresAt, expiresAt.getTime())
  })
})

test('they end at their time, with their maker, and with every sweep that reaches what they ask for', async () => {
  await withS3(async (server) => {
    const { core } = server
    await put(core, 'a.txt', 'content')
    await put(core, 'b.txt', 'other')
    const { id, make } = await makeParent(core)

    const over = await make()
    core.clock.advance(SECONDS * 1000 - 1)
    assert.equal(await get(server, over), 'content')
    core.clock.advance(1)
    assert.equal(await get(server, over), 'ExpiredToken')

    for (const target of [
      { kind: 'instance' },
      { kind: 'key', keyId: id },
      { kind: 'folder', path: 'acme' },
      { kind: 'file', path: 'acme/a.txt' },
    ] as const) {
      const swept = await make()
      assert.equal(await get(server, swept), 'content')
      await sweep(core, target)
      assert.equal(await get(server, swept), 'AccessDenied', target.kind)
      const isThatFileAlone = target.kind === 'file'
      const other = await get(server, swept, 'b.txt')
      assert.equal(other, isThatFileAlone ? 'other' : 'AccessDenied')
      // URLs that others sign are swept a minute longer, because they choose their date.
      core.clock.advance(61_001)
    }

    const [orphan, alone] = [await make(), await make()]
    await sweep(core, { kind: 'key', keyId: alone.accessKeyId })
    assert.equal(await get(server, alone), 'AccessDenied')
    assert.equal(await get(server, orphan), 'content')
    await revokeKey(core, await authorizeInstance(core, admin), id)
    assert.equal(await get(server, orphan), 'InvalidAccessKeyId')
  })
})

test('a presigned DELETE needs to be allowed, as with every key', async () => {
  await withS3(async (server) => {
    const { core } = server
    const permit = await authorizeInstance(core, admin)
    const may = { name: 'p', actions: ['delete', 'share'] } as const
    const { record } = await createApiKey(core, permit, may)
    const reach = await authorizeReach(core, principalWith(record.scope, record.id), 'share')
    const options = { actions: ['delete'], expiresInSeconds: SECONDS } as const
    const headerOnly = await createTemporaryKey(core, reach, options)
    const both = await createTemporaryKey(core, reach, { ...options, mayPresignDelete: true })
    const remove = async (credentials: TemporaryKey): Promise<number> =>
      (await fetch(server.presign('DELETE', 'acme/a', { credentials }), { method: 'DELETE' }))
        .status
    assert.equal(await remove(headerOnly), 403)
    assert.equal(await remove(both), 204)
    assert.equal(await signedFetch(server, 'DELETE', 'acme/a', { credentials: headerOnly }), 204)
  })
})

test('no route takes a token that is missing, changed, another key’s, or over', async () => {
  await withS3(async (server) => {
    const { make } = await makeParent(server.core)
    const [one, other] = [await make(), await make()]
    const { sessionToken } = one
    const middle = Math.floor(sessionToken.length / 2)
    const changed = sessionToken[middle] === 'A' ? 'B' : 'A'
    const without = { accessKeyId: one.accessKeyId, secretAccessKey: one.secretAccessKey }
    const cases: Readonly<Record<string, readonly [object, number]>> = {
      'no token': [without, 403],
      'the token of another': [{ ...one, sessionToken: other.sessionToken }, 400],
      'a changed token': [
        {
          ...one,
          sessionToken: sessionToken.slice(0, middle) + changed + sessionToken.slice(middle + 1),
        },
        400,
      ],
      'a token with something behind it': [{ ...one, sessionToken: `${sessionToken}=` }, 400],
      'half a token': [{ ...one, sessionToken: sessionToken.slice(0, 20) }, 400],
      'a token with a stored key': [{ ...server.credentials, sessionToken }, 400],
      'the secret of another': [{ ...one, secretAccessKey: other.secretAccessKey }, 403],
    }
    const paths = { service: '', bucket: 'acme', object: 'acme/a.txt' } as const
    for (const { name, on, method, query, body } of S3_ROUTES) {
      if (body === 'form') continue
      const asked = Object.fromEntries(query.map((parameter) => [parameter, '']))
      for (const [fault, [change, status]] of Object.entries(cases)) {
        const credentials = { ...one, ...change, sessionToken: undefined, ...change }
        const options = { query: asked, credentials }
        assert.equal(
          await signedFetch(server, method, paths[on], options),
          status,
          `${name}: ${fault}`,
        )
        const answer = await fetch(server.presign(method, paths[on], options), { method })
        assert.equal(answer.status, status, `${name}: ${fault} in a URL`)
        await answer.arrayBuffer()
      }
    }
    server.core.clock.advance(SECONDS * 1000)
    for (const { name, on, method, query, body } of S3_ROUTES) {
      if (body === 'form') continue
      const asked = Object.fromEntries(query.map((parameter) => [parameter, '']))
      const options = { query: asked, credentials: one }
      assert.equal(await signedFetch(server, method, paths[on], options), 400, name)
    }
  })
})
