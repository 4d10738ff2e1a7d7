import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listAccessKeys, setAccessKeyDisabled } from '../../../src/core/keys/access-keys.ts'
import { createKeyUses } from '../../../src/core/keys/key-uses.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, put } from '../../support/core.ts'
import { signedFetch, withS3 } from './support.ts'

test('a key that is switched off is refused everywhere, and works again when it is on', async () => {
  await withS3(async (server) => {
    const { core, createKey, presign } = server
    await put(core, 'a.txt', 'content')
    const credentials = await createKey({ name: 'n', actions: ['read'] })
    const permit = await authorizeInstance(core, admin)
    const url = presign('GET', 'acme/a.txt', { credentials })
    const ask = async (): Promise<readonly number[]> => {
      const answer = await fetch(url)
      await answer.arrayBuffer()
      return [answer.status, await signedFetch(server, 'GET', 'acme/a.txt', { credentials })]
    }
    assert.deepEqual(await ask(), [200, 200])
    await setAccessKeyDisabled(core, permit, credentials.accessKeyId, true)
    assert.deepEqual(await ask(), [403, 403])
    await setAccessKeyDisabled(core, permit, credentials.accessKeyId, false)
    assert.deepEqual(await ask(), [200, 200])
    await revokeKey(core, permit, credentials.accessKeyId)
    const again = setAccessKeyDisabled(core, permit, credentials.accessKeyId, false)
    await assert.rejects(again, (error) => isRefusal(error, 'key-not-found'))
  })
})

test('a key says to the minute when it was used last, by whatever it signed', async () => {
  await withS3(async (server) => {
    const { core, createKey, presign } = server
    await put(core, 'a.txt', 'content')
    const credentials = await createKey({ name: 'n', actions: ['read'] })
    const permit = await authorizeInstance(core, admin)
    const lastUse = async (): Promise<number | null | undefined> => {
      await core.keyUses.flush()
      const keys = await listAccessKeys(core, permit)
      return keys.find(({ id }) => id === credentials.accessKeyId)?.lastUsedAt
    }
    assert.equal(await lastUse(), null)
    const refused = presign('GET', 'acme/a.txt', { credentials }).replace(/.$/, 'z')
    await (await fetch(refused)).arrayBuffer()
    assert.equal(await lastUse(), null)
    const first = core.clock.now()
    await signedFetch(server, 'GET', 'acme/a.txt', { credentials })
    assert.equal(await lastUse(), first)
    core.clock.advance(59_999)
    await signedFetch(server, 'GET', 'acme/a.txt', { credentials })
    assert.equal(await lastUse(), first)
    core.clock.advance(1)
    await (await fetch(presign('GET', 'acme/a.txt', { credentials }))).arrayBuffer()
    assert.equal(await lastUse(), core.clock.now())
  })
})

test('a use that could not be written is written with the next one', async () => {
  const written: unknown[] = []
  let isDown = true
  const uses = createKeyUses({
    keys: {
      noteUses: async (noted) => {
        if (isDown) throw new Error('down')
        written.push(...noted)
      },
    },
    log: { warn: () => undefined },
  })
  uses.note('HP', 1000)
  await uses.flush()
  isDown = false
  await uses.flush()
  assert.deepEqual(written, [])
  uses.note('HP', 1001)
  await uses.flush()
  assert.deepEqual(written, [{ id: 'HP', usedAt: 1001 }])
})
