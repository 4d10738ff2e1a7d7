import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import { fixedMasterKeys } from '../../../src/core/keys/master-keys.ts'
import { createSealer } from '../../../src/core/keys/seal.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const sealer = createSealer(fixedMasterKeys(new Uint8Array(32).fill(7)), systemRandom)

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
  const other = createSealer(fixedMasterKeys(new Uint8Array(32).fill(8)), systemRandom)
  assert.throws(() => other.open('HPKEY', sealed), { fault: 'corrupt' })
})

test('what is too short to be sealed opens nothing, however often somebody tries', () => {
  for (let length = 0; length < 28; length += 1) {
    for (let tries = 0; tries < 20; tries += 1) {
      const guess = systemRandom.bytes(length)
      assert.throws(() => sealer.open('HPKEY', guess), { fault: 'corrupt' })
    }
  }
})

test('each purpose has a key of its own: what was sealed for one opens for no other', () => {
  const purposes = ['key-secret', 'listing-token', 'ticket'] as const
  for (const purpose of purposes) {
    const sealed = sealer.for(purpose).seal('HPKEY', 'secret')
    assert.equal(sealer.for(purpose).open('HPKEY', sealed), 'secret')
    for (const other of purposes) {
      if (other === purpose) continue
      assert.throws(() => sealer.for(other).open('HPKEY', sealed), { fault: 'corrupt' })
    }
  }
  assert.equal(sealer.open('HPKEY', sealer.for('key-secret').seal('HPKEY', 'secret')), 'secret')
})

test('the master key itself seals nothing', () => {
  const sealed = sealer.seal('HPKEY', 'secret')
  const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(32).fill(7), sealed.slice(0, 12))
    .setAAD(Buffer.from('HPKEY'))
    .setAuthTag(sealed.slice(-16))
  decipher.update(sealed.slice(12, -16))
  assert.throws(() => decipher.final())
})

test('a master key of another length is refused', () => {
  assert.throws(() => createSealer(fixedMasterKeys(new Uint8Array(16)), systemRandom), /masterKey/)
})

test('a key secret that version 0.1 sealed with the master key itself opens, and no token does', () => {
  const nonce = Buffer.alloc(12, 3)
  const cipher = createCipheriv('aes-256-gcm', new Uint8Array(32).fill(7), nonce)
  cipher.setAAD(Buffer.from('HPKEY'))
  const body = Buffer.concat([cipher.update('old secret'), cipher.final()])
  const sealed = Buffer.concat([nonce, body, cipher.getAuthTag()])
  assert.equal(sealer.open('HPKEY', sealed), 'old secret')
  assert.throws(() => sealer.for('ticket').open('HPKEY', sealed), { fault: 'corrupt' })
})
