import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import { createSealer } from '../../../src/core/keys/seal.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const sealer = createSealer(new Uint8Array(32).fill(7), systemRandom)

test('a sealed secret opens again and does not hold its text', () => {
  const sealed = sealer.seal('HPKEY', 'the secret of this key')
  assert.equal(sealer.open('HPKEY', sealed), 'the secret of this key')
  assert.equal(Buffer.from(sealed).includes('secret'), false)
})

test('a changed byte, another key id or another master key do not open it', () => {
  const sealed = sealer.seal('HPKEY', 'secret')
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    assert.throws(() => sealer.open('HPKEY', changed), { fault: 'corrupt' })
  }
  assert.throws(() => sealer.open('HPOTHER', sealed), { fault: 'corrupt' })
  const other = createSealer(new Uint8Array(32).fill(8), systemRandom)
  assert.throws(() => other.open('HPKEY', sealed), { fault: 'corrupt' })
})

test('what was sealed for one purpose does not open for another', () => {
  const master = new Uint8Array(32).fill(7)
  const tokens = createSealer(master, systemRandom, 'listing-tokens')
  assert.throws(() => tokens.open('HPKEY', sealer.seal('HPKEY', 'secret')), { fault: 'corrupt' })
  assert.throws(() => sealer.open('HPKEY', tokens.seal('HPKEY', 'secret')), { fault: 'corrupt' })
})

test('a key secret that was sealed with the master key itself opens, and no token does', () => {
  const master = new Uint8Array(32).fill(7)
  const nonce = Buffer.alloc(12, 3)
  const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from('HPKEY'))
  const body = Buffer.concat([cipher.update('old secret'), cipher.final()])
  const sealed = Buffer.concat([nonce, body, cipher.getAuthTag()])
  assert.equal(sealer.open('HPKEY', sealed), 'old secret')
  const tokens = createSealer(master, systemRandom, 'listing-tokens')
  assert.throws(() => tokens.open('HPKEY', sealed), { fault: 'corrupt' })
})

test('a master key of another length is refused', () => {
  assert.throws(() => createSealer(new Uint8Array(16), systemRandom), /masterKey/)
})
