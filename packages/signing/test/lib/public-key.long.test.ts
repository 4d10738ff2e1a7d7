import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { isSigningError } from '../../src/errors.ts'
import { toHex } from '../../src/lib/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../../src/lib/ecdsa-signature.ts'
import {
  prepareEd25519Point,
  prepareEd25519Seed,
  preparePrivateKey,
  preparePublicKey,
  signatureLength,
  signBytes,
  signBytesAsync,
  verifyBytes,
  verifyBytesAsync,
} from '../../src/lib/public-key.ts'

const DATA = new TextEncoder().encode('the text that is signed')
const HASHES = ['sha1', 'sha256'] as const

const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'ecdsa-p256': generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  ed25519: generateKeyPairSync('ed25519'),
}
const algorithms = Object.keys(pairs) as (keyof typeof pairs)[]

function textsOf(algorithm: keyof typeof pairs): { privateText: string; publicText: string } {
  const { privateKey, publicKey } = pairs[algorithm]
  return {
    privateText: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    publicText: String(publicKey.export({ format: 'pem', type: 'spki' })),
  }
}

describe('public keys', () => {
  test('a PEM whose line ends were written as escapes, as in a variable of the environment, is read', () => {
    for (const algorithm of algorithms) {
      const { privateText, publicText } = textsOf(algorithm)
      for (const lineEnd of ['\\n', '\\r\\n']) {
        const escaped = (text: string): string => text.replaceAll('\n', lineEnd)
        const privateKey = preparePrivateKey(escaped(privateText), 'privateKey')
        const publicKey = preparePublicKey(escaped(publicText), 'publicKey')
        const signature = signBytes(privateKey, 'sha256', DATA)
        assert.equal(verifyBytes(publicKey, 'sha256', DATA, signature), true)
      }
    }
  })

  test('a PEM is read whatever stands around its block, and two blocks are none', () => {
    for (const algorithm of algorithms) {
      const { privateText, publicText } = textsOf(algorithm)
      const read = (around: (text: string) => string): boolean => {
        const privateKey = preparePrivateKey(around(privateText), 'privateKey')
        const publicKey = preparePublicKey(around(publicText), 'publicKey')
        return verifyBytes(publicKey, 'sha256', DATA, signBytes(privateKey, 'sha256', DATA))
      }
      for (const around of [
        (text: string) =>
          `Bag Attributes\n    friendlyName: a\nKey Attributes: <No Attributes>\n${text}`,
        (text: string) => `${text}\n# the key of the tests\n`,
        (text: string) => text.replaceAll(/^/gm, '    '),
        (text: string) => text.replaceAll('\n', ' \r\n'),
        (text: string) => text.replaceAll('\n', '\r'),
        (text: string) => JSON.stringify(text).slice(1, -1),
        (text: string) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
        (text: string) => `\uFEFF${text}`,
        (text: string) =>
          `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${text}`,
      ]) {
        assert.equal(read(around), true)
      }
      for (const around of [
        (text: string) => text + text,
        (text: string) => `${publicText}${text}`,
        (text: string) => `${text}-----BEGIN PRIVATE KEY-----\nAAAA`,
        (text: string) => text.replace('-----END', '----END'),
        (text: string) => text.replaceAll(' ', ''),
        (text: string) => text.replaceAll('\n', ''),
        (text: string) => text.padEnd(70_000, '\n'),
        () => '',
      ]) {
        assert.throws(
          () => preparePrivateKey(around(privateText), 'privateKey'),
          (error) => isSigningError(error) && error.code === 'key-invalid',
        )
      }
    }
  })

  for (const algorithm of algorithms) {
    for (const hash of HASHES) {
      test(`${algorithm} with ${hash}: both runtimes sign, both verify, and node agrees`, async () => {
        const { privateText, publicText } = textsOf(algorithm)
        const privateKey = preparePrivateKey(privateText, 'privateKey')
        const publicKey = preparePublicKey(publicText, 'publicKey')
        assert.equal(privateKey.algorithm, algorithm)
        assert.equal(publicKey.algorithm, algorithm)
        const signatures = [
          signBytes(privateKey, hash, DATA),
          await signBytesAsync(privateKey, hash, DATA),
        ]
        const name = algorithm === 'ed25519' ? null : hash
        for (const signature of signatures) {
          assert.equal(verifyBytes(publicKey, hash, DATA, signature), true)
          assert.equal(await verifyBytesAsync(publicKey, hash, DATA, signature), true)
          assert.equal(nodeVerify(name, DATA, publicText, signature), true)
          const length = signatureLength(publicKey)
          if (length !== null) assert.equal(signature.length, length)
        }
        const theirs = nodeSign(name, DATA, privateText)
        assert.equal(verifyBytes(publicKey, hash, DATA, theirs), true)
        assert.equal(await verifyBytesAsync(publicKey, hash, DATA, theirs), true)
      })
    }

    test(`${algorithm}: no changed bit of signature or data verifies`, async () => {
      const { privateText, publicText } = textsOf(algorithm)
      const publicKey = preparePublicKey(publicText, 'publicKey')
      const signature = signBytes(preparePrivateKey(privateText, 'privateKey'), 'sha256', DATA)
      for (let bit = 0; bit < signature.length * 8; bit += 1) {
        const changed = Uint8Array.from(signature)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        assert.equal(verifyBytes(publicKey, 'sha256', DATA, changed), false, `bit ${bit}`)
        if (bit % 61 === 0) {
          assert.equal(await verifyBytesAsync(publicKey, 'sha256', DATA, changed), false)
        }
      }
      const other = Uint8Array.from(DATA)
      other[0] = (other[0] ?? 0) ^ 1
      assert.equal(verifyBytes(publicKey, 'sha256', other, signature), false)
      assert.equal(await verifyBytesAsync(publicKey, 'sha256', other, signature), false)
    })

    test(`${algorithm}: signatures of any other length are refused and never throw`, async () => {
      const publicKey = preparePublicKey(textsOf(algorithm).publicText, 'publicKey')
      for (const length of [0, 1, 8, 63, 65, 71, 128, 255, 257, 10_000]) {
        const signature = new Uint8Array(length).fill(0x30)
        assert.equal(verifyBytes(publicKey, 'sha256', DATA, signature), false)
        assert.equal(await verifyBytesAsync(publicKey, 'sha256', DATA, signature), false)
      }
    })
  }

  test('PKCS#1 and SEC 1 texts and certificates give the same keys as PKCS#8 and SPKI', () => {
    const rsa = pairs.rsa.privateKey.export({ format: 'pem', type: 'pkcs1' })
    const ec = pairs['ecdsa-p256'].privateKey.export({ format: 'pem', type: 'sec1' })
    const rsaPublic = pairs.rsa.publicKey.export({ format: 'pem', type: 'pkcs1' })
    const signature = signBytes(preparePrivateKey(String(rsa), 'k'), 'sha256', DATA)
    assert.deepEqual(
      signature,
      signBytes(preparePrivateKey(textsOf('rsa').privateText, 'k'), 'sha256', DATA),
    )
    assert.equal(
      verifyBytes(preparePublicKey(String(rsaPublic), 'k'), 'sha256', DATA, signature),
      true,
    )
    const ecSignature = signBytes(preparePrivateKey(String(ec), 'k'), 'sha256', DATA)
    const ecPublic = preparePublicKey(textsOf('ecdsa-p256').publicText, 'k')
    assert.equal(verifyBytes(ecPublic, 'sha256', DATA, ecSignature), true)
  })

  test(
    'the key of a certificate made by openssl verifies',
    { skip: hasOpenssl() ? false : 'no openssl on this machine' },
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'hallpass-key-'))
      try {
        execFileSync(
          'openssl',
          [
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-subj',
            '/CN=test',
            '-days',
            '2',
            '-keyout',
            join(folder, 'key.pem'),
            '-out',
            join(folder, 'cert.pem'),
          ],
          { stdio: 'pipe' },
        )
        const key = preparePrivateKey(readFileSync(join(folder, 'key.pem'), 'utf8'), 'k')
        const certificate = preparePublicKey(readFileSync(join(folder, 'cert.pem'), 'utf8'), 'k')
        assert.equal(verifyBytes(certificate, 'sha256', DATA, signBytes(key, 'sha256', DATA)), true)
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )

  test('an Ed25519 seed and point in base64url are keys', () => {
    const jwk = pairs.ed25519.privateKey.export({ format: 'jwk' })
    const seed = prepareEd25519Seed(String(jwk.d), 'seed')
    const point = prepareEd25519Point(String(jwk.x), 'point')
    assert.equal(verifyBytes(point, 'sha256', DATA, signBytes(seed, 'sha256', DATA)), true)
    for (const bad of ['', 'AAAA', `${String(jwk.d)}A`, '!'.repeat(43)]) {
      assert.throws(() => prepareEd25519Seed(bad, 'seed'), { code: 'key-invalid' })
      assert.throws(() => prepareEd25519Point(bad, 'point'), { code: 'key-invalid' })
    }
  })

  test('what is not a key of these kinds is refused by name, without its text', () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const weak = generateKeyPairSync('rsa', { modulusLength: 768 })
    const locked = pairs.rsa.privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'p',
    })
    const bad = [
      '',
      'secret',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      textsOf('rsa').publicText,
      textsOf('rsa').privateText.slice(0, 400) + '\n-----END PRIVATE KEY-----\n',
      ...[p384, k1].flatMap(({ privateKey }) => [
        String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
        String(privateKey.export({ format: 'pem', type: 'sec1' })),
      ]),
      String(weak.privateKey.export({ format: 'pem', type: 'pkcs8' })),
      String(locked),
    ]
    for (const text of bad) {
      assert.throws(
        () => preparePrivateKey(text, 'signer.privateKey'),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'key-invalid')
          assert.match(error.message, /signer\.privateKey/)
          assert.equal(error.message.includes('MII'), false)
          assert.equal(error.cause, undefined)
          return true
        },
      )
    }
    assert.throws(() => preparePublicKey(textsOf('rsa').privateText, 'publicKey'), {
      code: 'key-invalid',
    })
    assert.throws(
      () =>
        preparePublicKey(
          String(weak.publicKey.export({ format: 'pem', type: 'spki' })),
          'publicKey',
        ),
      { code: 'key-invalid' },
    )
    assert.throws(() => preparePrivateKey({} as never, 'privateKey'), TypeError)
    assert.throws(
      () =>
        preparePrivateKey(preparePublicKey(textsOf('rsa').publicText, 'k') as never, 'privateKey'),
      TypeError,
    )
  })

  test('random bytes in a PEM block are refused and never crash the reader', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'),
        (bytes, label) => {
          const text = `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`
          assert.throws(() => preparePrivateKey(text, 'k'), { code: 'key-invalid' })
          const open = text.replaceAll(label, 'PUBLIC KEY')
          assert.throws(() => preparePublicKey(open, 'k'), { code: 'key-invalid' })
          assert.throws(() => preparePublicKey(text.replaceAll(label, 'CERTIFICATE'), 'k'), {
            code: 'key-invalid',
          })
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a prepared key shows its kind and nothing else', () => {
    const key = preparePrivateKey(textsOf('rsa').privateText, 'k')
    assert.deepEqual(JSON.parse(JSON.stringify(key)), { type: 'private', algorithm: 'rsa' })
    assert.equal(inspect(key, { depth: 9, showHidden: true }).includes('der'), false)
    assert.equal(preparePrivateKey(key, 'k'), key)
  })
})

describe('ECDSA signatures', () => {
  test('both spellings hold the same numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
        assert.equal(toHex(ecdsaFromDer(ecdsaToDer(raw)) ?? new Uint8Array()), toHex(raw))
      }),
    )
  })

  test('a second encoding of the same numbers is refused', () => {
    const der = ecdsaToDer(new Uint8Array(64).fill(1))
    assert.notEqual(ecdsaFromDer(der), null)
    const padded = Uint8Array.of(
      0x30,
      69,
      2,
      33,
      0,
      ...new Uint8Array(32).fill(1),
      ...der.subarray(36),
    )
    const trailing = Uint8Array.of(...der, 0)
    const long = Uint8Array.of(0x30, 0x81, 68, ...der.subarray(2))
    const negative = ecdsaToDer(new Uint8Array(64).fill(1))
    negative[4] = 0x81
    for (const other of [padded, trailing, long, negative, der.subarray(1), new Uint8Array()]) {
      assert.equal(ecdsaFromDer(other), null)
    }
  })
})

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
