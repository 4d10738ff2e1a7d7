import assert from 'node:assert/strict'
import nodeCrypto from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { toHex } from '../../src/lib/bytes.ts'
import {
  createHmacEngine,
  hmacBase64,
  hmacBase64Url,
  hmacBytes,
  hmacHex,
  prepareHmacKey,
} from '../../src/lib/hmac.ts'
import type { NodeCrypto } from '../../src/lib/runtime-crypto.ts'
import { md5 } from '../../src/lib/md5.ts'
import { sha1 } from '../../src/lib/sha1.ts'
import { sha256 } from '../../src/lib/sha256.ts'
import { sha512 } from '../../src/lib/sha512.ts'

const ENGINES = {
  'node:crypto': createHmacEngine(nodeCrypto as unknown as NodeCrypto),
  'plain JavaScript': createHmacEngine(null),
}
const HASHES = [md5, sha1, sha256, sha512]

for (const [name, engine] of Object.entries(ENGINES)) {
  test(`HMAC over ${name} agrees with createHmac for any key and message`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HASHES),
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { minLength: 1, maxLength: 4 }),
        (hash, secret, messages) => {
          const key = engine.prepareHmacKey(hash, secret)
          for (const message of messages) {
            // TextEncoder and node:crypto both write a lone surrogate as the replacement character.
            const expected = nodeCrypto.createHmac(hash.name, secret).update(message).digest('hex')
            assert.equal(key.hex(message), expected)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test(`a key over ${name} keeps nothing of one message for the next`, () => {
    const key = engine.prepareHmacKey(sha256, 'secret')
    const expected = (message: string): string =>
      nodeCrypto.createHmac('sha256', 'secret').update(message).digest('hex')
    for (const message of ['', 'a', 'ab'.repeat(700), 'b', 'a'.repeat(340), 'é'.repeat(341), 'c']) {
      assert.equal(key.hex(message), expected(message))
    }
  })

  test(`a template over ${name} is the HMAC of its pieces joined, whatever was signed before`, () => {
    const key = engine.prepareHmacKey(sha256, 'secret')
    const sign = key.template({ before: 'a\n', firstLength: 3, between: '\nb\n', secondLength: 2 })
    const expected = (message: string): string =>
      nodeCrypto.createHmac('sha256', 'secret').update(message).digest('hex')
    for (const [first, second] of [
      ['one', '11'],
      ['two', '22'],
      ['three', '33'],
      ['', ''],
      ['one', '11'],
    ] as const) {
      key.hex('something else')
      assert.equal(sign(first, second), expected(`a\n${first}\nb\n${second}`))
    }
  })

  test(`base64url over ${name} is base64 in the other alphabet, without padding`, () => {
    for (const hash of [sha1, sha256, sha512]) {
      const key = engine.prepareHmacKey(hash, 'secret')
      for (let index = 0; index < 50; index += 1) {
        const standard = Buffer.from(key.base64(`text ${index}`), 'base64')
        assert.equal(hmacBase64Url(key, `text ${index}`), standard.toString('base64url'))
      }
    }
  })

  test(`a key over ${name} does not show its secret when printed`, () => {
    const key = engine.prepareHmacKey(sha256, 'Sup3rS3cret')
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)
    assert.ok(!shown.includes('Sup3rS3cret'))
    // Neither the secret nor its padded form.
    assert.ok(!/<Buffer|Uint8Array|Int32Array/.test(shown))
  })
}

test('a runtime that imitates node:crypto by half is not relied on', () => {
  const expected = nodeCrypto.createHmac('sha256', 'secret').update('text').digest('hex')
  const imitations = [
    () => new Uint8Array(32),
    () => '\ufffd'.repeat(32),
    (name: string, data: string, encoding: string) =>
      encoding === 'base64url' ? '' : nodeCrypto.hash(name, data, encoding as 'hex'),
    () => {
      throw new TypeError('unknown encoding')
    },
  ]
  for (const hash of imitations) {
    const engine = createHmacEngine({ ...nodeCrypto, hash } as unknown as NodeCrypto)
    assert.equal(engine.prepareHmacKey(sha256, 'secret').hex('text'), expected)
  }
})

test('the first case of RFC 4231', () => {
  const key = prepareHmacKey(sha256, new Uint8Array(20).fill(0x0b))
  const expected = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'
  assert.equal(hmacHex(key, 'Hi There'), expected)
  assert.equal(toHex(hmacBytes(key, 'Hi There')), expected)
  assert.equal(hmacBase64(key, 'Hi There'), Buffer.from(expected, 'hex').toString('base64'))
})
