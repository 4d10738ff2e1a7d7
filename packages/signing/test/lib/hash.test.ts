import assert from 'node:assert/strict'
import nodeCrypto from 'node:crypto'
import { test } from 'node:test'
import { toHex, utf8 } from '../../src/lib/bytes.ts'
import { hashBase64, hashBytes, hashHex, hashPure } from '../../src/lib/hash.ts'
import { createIncrementalHash } from '../../src/lib/incremental-hash.ts'
import { md5 } from '../../src/lib/md5.ts'
import { sha1 } from '../../src/lib/sha1.ts'
import { sha256 } from '../../src/lib/sha256.ts'
import { sha512 } from '../../src/lib/sha512.ts'

const HASHES = [md5, sha1, sha256, sha512]

/** Bytes that look random and are the same each time. */
function bytesOfLength(length: number): Uint8Array {
  let state = length + 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}

for (const hash of HASHES) {
  const { name } = hash
  test(`plain JavaScript gives the ${name} of node:crypto at every length around a block`, () => {
    for (let length = 0; length <= 300; length += 1) {
      const bytes = bytesOfLength(length)
      assert.equal(toHex(hashPure(hash, bytes)), nodeCrypto.hash(name, bytes, 'hex'))
    }
  })

  test(`${name} over pieces is ${name} over the whole, in both implementations`, () => {
    const bytes = bytesOfLength(1000)
    for (const pieceLength of [1, 63, 64, 65, 127, 128, 129, 999]) {
      for (const crypto of [null, nodeCrypto as never]) {
        const running = createIncrementalHash(hash, crypto)
        for (let at = 0; at < bytes.length; at += pieceLength) {
          running.update(bytes.subarray(at, at + pieceLength))
        }
        assert.equal(running.digestHex(), nodeCrypto.hash(name, bytes, 'hex'))
      }
    }
  })
}

test('SHA-256 of the standard’s example', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  assert.equal(toHex(hashPure(sha256, 'abc')), expected)
  assert.equal(hashHex(sha256, 'abc'), expected)
})

test('text is hashed as UTF-8, in hex, bytes and base64 alike', () => {
  for (const hash of [hashPure, hashBytes]) {
    const bytes = hash(sha256, 'naïve 🎉')
    assert.deepEqual([...bytes], [...hash(sha256, utf8('naïve 🎉'))])
    assert.equal(toHex(bytes), hashHex(sha256, 'naïve 🎉'))
    assert.equal(Buffer.from(bytes).toString('base64'), hashBase64(sha256, 'naïve 🎉'))
  }
})

test('a million letters hash to the standard’s example', () => {
  const million = 'a'.repeat(1_000_000)
  assert.equal(
    toHex(hashPure(sha256, million)),
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  )
})
