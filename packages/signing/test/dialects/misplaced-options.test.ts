/** An option in the place of another would be read by nobody: of a signer in a request, of a request in a signer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGcsSigner } from '../../src/gcs.ts'
import { createHttpSigner } from '../../src/http-signatures.ts'
import type { Signer } from '../../src/types.ts'
import { RSA_KEY } from './gcs/test-keys.ts'
import { endOf, EVERY_SIGNER, namesOf } from './required-options.ts'

/** The clock is the one option of both places. */
const OF_BOTH = 'now'

function refused(name: string, advice: string): { name: string; message: string } {
  return { name: 'TypeError', message: `options must not hold ${name}: ${advice}` }
}

const TO_SIGN = 'give it to sign, with each request'
const TO_SIGNER = 'give it to the signer, when that is made'

for (const { create, once, request } of EVERY_SIGNER) {
  test(`${create.name} refuses each option of a request by name`, async () => {
    const own = await namesOf(create)
    const others = (await namesOf(once)).filter((name) => !own.includes(name))
    assert.ok(others.includes('expiresInSeconds'), others.join())
    for (const name of others) {
      const value = once.options[name]
      await assert.rejects(
        async () => create.call({ ...create.options, [name]: value }),
        refused(name, TO_SIGN),
      )
    }
  })

  test(`what ${create.name} makes refuses each option of the signer in a request`, async () => {
    const { sign } = create.call(create.options) as Signer<object>
    const own = (await namesOf(create)).filter((name) => name !== OF_BOTH)
    assert.ok(own.length > 0)
    for (const name of own) {
      const value = create.options[name]
      await assert.rejects(
        async () => sign({ ...request, [name]: value }),
        refused(name, TO_SIGNER),
      )
    }
    const clocked = { ...request, [OF_BOTH]: new Date('2026-03-14T09:26:53Z') }
    assert.equal(await endOf((given) => sign(given as object), clocked), null)
  })
}

test('a form of Google and the signature of an HTTP request refuse what belongs to their signer', () => {
  const { createPostPolicy } = createGcsSigner({ key: RSA_KEY })
  const form = { bucket: 'reports', object: 'a', expiresInSeconds: 60, key: RSA_KEY }
  assert.throws(() => createPostPolicy(form), refused('key', TO_SIGNER))
  const signer = { key: { algorithm: 'hmac-sha256', secret: 'hallpass' }, keyId: 'a' } as const
  const asked = { components: ['@method'], expiresInSeconds: 60 }
  const request = { method: 'GET', target: '/', headers: [] }
  assert.throws(
    () => createHttpSigner(signer).sign(request, { ...asked, ...signer }),
    refused('key', TO_SIGNER),
  )
  assert.throws(() => createHttpSigner({ ...signer, ...asked }), refused('components', TO_SIGN))
})
