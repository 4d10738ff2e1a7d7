/** `audit` sees the calls of this library, whatever entry they are of. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { audit } from '../../src/audit.ts'
import { EVERY_REQUIRED } from '../dialects/required-options.ts'

const IMPORT = "import * as hallpass from '@hallpass/signing'\n"
const now = new Date('2026-11-28T10:01:00Z')

function rulesOf(text: string, path = 'a.ts'): string[] {
  return audit({ path, text: IMPORT + text }, { now })
    .map(({ ruleId }) => ruleId)
    .toSorted()
}

/** Those that give something an end: the table has options of which they can miss none. */
const ENDING = EVERY_REQUIRED.flatMap(({ name, options }) => {
  const [life] = ['expiresInSeconds', 'ttlSeconds'].filter((option) => option in options)
  return life === undefined || /erif/.test(name) ? [] : [{ name, life, options }]
})

suite('every call that gives something an end', () => {
  test('there are many', () => assert.ok(ENDING.length >= 40, String(ENDING.length)))

  for (const { life, name, options } of ENDING) {
    test(name, () => {
      const places = Object.keys(options).filter((option) => option !== life)
      const call = (end: string): string =>
        `const made = ${name}({ ${[...places.filter((place) => !['url', 'resource', 'method'].includes(place)), end].join(', ')} })`
      const wide = name === 'presignAzureAccount' ? ['HP107'] : []
      assert.deepEqual(
        rulesOf(call(`${life}: 60 * 60 * 24 * 30`)).filter((rule) => !/HP10[45]/.test(rule)),
        ['HP101', ...wide],
      )
      assert.deepEqual(
        rulesOf(call(`${life}: 300`)).filter((rule) => !/HP10[45]/.test(rule)),
        wide,
      )
    })
  }
})

const S3 = "credentials, region, bucket: 'reports', key"

suite('what a call says', () => {
  const cases: readonly (readonly [title: string, text: string, rules: readonly string[]])[] = [
    [
      'a life in milliseconds',
      `presignS3({ ${S3}, method: 'GET', expiresInSeconds: 3600 * 1000 })`,
      ['HP102'],
    ],
    [
      'a moment for a life',
      `presignS3({ ${S3}, method: 'GET', expiresInSeconds: Date.now() + 300 })`,
      ['HP102'],
    ],
    [
      'a moment',
      `presignS3({ ${S3}, method: 'GET', expiresAt: new Date('2099-12-31') })`,
      ['HP101'],
    ],
    [
      'a near moment',
      `presignS3({ ${S3}, method: 'GET', expiresAt: new Date(Date.now() + 60_000) })`,
      [],
    ],
    ['a method', `presignS3({ ${S3}, method: 'DELETE', expiresInSeconds: 60 })`, ['HP103']],
    [
      'an upload of anything',
      `presignS3({ ${S3}, method: 'PUT', expiresInSeconds: 60 })`,
      ['HP104', 'HP105'],
    ],
    [
      'a bound upload',
      `presignS3({ ${S3}, method: 'PUT', contentType, contentLength, expiresInSeconds: 60 })`,
      [],
    ],
    [
      'an upload that headers bind',
      `presignS3({ ${S3}, method: 'PUT', headers: { 'content-type': t, 'content-length': n }, expiresInSeconds: 60 })`,
      [],
    ],
    [
      'a signer',
      "const { url } = signer.sign({ method: 'GET', bucket, key, expiresInSeconds: 31536000 })",
      ['HP101'],
    ],
    [
      'an upload by a signer',
      "signer.sign({ method: 'PUT', bucket, key, expiresInSeconds: 60 })",
      ['HP104', 'HP105'],
    ],
    [
      'a signer, with what only a compiler reads',
      "signer.sign({ method: 'GET', bucket, key, expiresInSeconds: 31536000 } as const)",
      ['HP101'],
    ],
    [
      'many',
      "signer.signAll([{ method: 'GET', bucket, key, expiresInSeconds: 31536000 }])",
      ['HP101'],
    ],
    [
      'many, by a function',
      "signer.signAll(keys.map((key) => ({ method: 'GET', key, expiresInSeconds: 31536000 })))",
      ['HP101'],
    ],
    [
      'a form',
      'signer.createPostPolicy({ bucket, key, expiresInSeconds: 60 })',
      ['HP104', 'HP105'],
    ],
    [
      'a bound form',
      "signer.createPostPolicy({ bucket, key, fields: { 'Content-Type': t }, conditions: [['content-length-range', 1, 9]], expiresInSeconds: 60 })",
      [],
    ],
    [
      'a variable',
      `const asked = {\n  ${S3},\n  method: 'GET',\n  expiresInSeconds: 31536000,\n}\npresignS3(asked)`,
      ['HP101'],
    ],
    [
      'a part of it',
      "const life = { expiresInSeconds: 31536000 }\npresignS3({ ...life, method: 'GET', bucket, key })",
      ['HP101'],
    ],
    [
      'a constant',
      `const WEEK = 7 * 24 * 3600\npresignS3({ ${S3}, method: 'GET', expiresInSeconds: WEEK })`,
      ['HP101'],
    ],
    [
      'a container',
      "presignAzureBlob({ account, accountKey, container, blob: null, permissions: 'r', expiresInSeconds: 60 })",
      ['HP107'],
    ],
    [
      'a container for many',
      "createAzurePrefix({ account, accountKey, container, directory: null, permissions: 'r', expiresInSeconds: 60 })",
      ['HP107'],
    ],
    [
      'permissions',
      "presignAzureBlob({ account, accountKey, container, blob, permissions: ['read', 'delete'], expiresInSeconds: 60 })",
      ['HP103'],
    ],
    [
      'a root directory',
      "presignAzureBlob({ account, accountKey, container, directory: '', permissions: 'r', expiresInSeconds: 60 })",
      ['HP107'],
    ],
    [
      'a permission of two words',
      "presignAzureBlob({ account, accountKey, container, blob, permissions: ['permanentDelete'], expiresInSeconds: 60 })",
      ['HP103'],
    ],
    [
      'permissions that come from elsewhere',
      'presignAzureBlob({ account, accountKey, container, blob, permissions: defaultPermissions, expiresInSeconds: 60 })',
      [],
    ],
    [
      'a permission that depends',
      'presignAzureBlob({ account, accountKey, container, blob, permissions: { read: canRead }, expiresInSeconds: 3600 })',
      [],
    ],
    [
      'one name in two functions',
      `function one() {\n  const options = { ${S3}, method: 'GET', expiresInSeconds: 60 }\n  presignS3(options)\n}\nfunction two() {\n  const options = { ${S3}, method: 'GET', expiresInSeconds: 31536000 }\n  presignS3(options)\n}`,
      ['HP101'],
    ],
    [
      'an object below the function that reads it',
      `const link = () => presignS3({ ...life, ${S3}, method: 'GET' })\nconst life = { expiresInSeconds: 31536000 }`,
      ['HP101'],
    ],
    [
      'permissions that are not given',
      'presignAzureBlob({ account, accountKey, container, blob, permissions: { read: true, delete: false }, expiresInSeconds: 60 })',
      [],
    ],
    [
      'plain http allowed',
      "presignAzureBlob({ account, accountKey, container, blob, protocol: 'https,http', permissions: 'r', expiresInSeconds: 60 })",
      ['HP108'],
    ],
    [
      'plain http',
      "presignCloudFront({ keyPairId, privateKey, url: 'http://cdn.example.com/a', expiresInSeconds: 60 })",
      ['HP108'],
    ],
    [
      'plain http at home',
      "presignBunny({ key, url: 'http://localhost/a', expiresInSeconds: 60 })",
      [],
    ],
    [
      'a star',
      "presignCloudFront({ keyPairId, privateKey, url, resource: 'https://cdn.example.com/*', expiresInSeconds: 60 })",
      ['HP107'],
    ],
    [
      'a prefix, which is for many',
      "createCloudFrontPrefix({ keyPairId, privateKey, resource: 'https://cdn.example.com/*', expiresInSeconds: 60 })",
      [],
    ],
    [
      'a request',
      'signHttpRequest(request, { key, keyId, components, expiresInSeconds: 31536000 })',
      ['HP101'],
    ],
    [
      'a log',
      `const { url } = presignS3({ ${S3}, method: 'GET', expiresInSeconds: 60 })\nconsole.log(url)`,
      ['HP110'],
    ],
    ['a comment', `// presignS3({ ${S3}, method: 'GET', expiresInSeconds: 31536000 })`, []],
  ]
  for (const [title, text, rules] of cases) {
    test(title, () => {
      assert.deepEqual(rulesOf(text), rules)
      assert.deepEqual(rulesOf(text, 'a.mjs'), rules)
    })
  }

  const renamed: readonly (readonly [title: string, text: string, rules: readonly string[]])[] = [
    [
      'under a name of its own',
      "import { isSigningError, presignS3 as sign } from '@hallpass/signing/s3'\nsign({ method: 'GET', expiresInSeconds: 31536000 })",
      ['HP101'],
    ],
    [
      'by its namespace',
      "import * as s3 from '@hallpass/signing/s3'\ns3.presignS3({ method: 'GET', expiresInSeconds: 31536000 })",
      ['HP101'],
    ],
    [
      'taken out of its namespace',
      "import * as s3 from '@hallpass/signing/s3'\nconst { presignS3, presignS3Async: later } = s3\npresignS3({ method: 'GET', expiresInSeconds: 31536000 })\nlater({ method: 'GET', expiresInSeconds: 31536000 })",
      ['HP101', 'HP101'],
    ],
    [
      'taken out of what is required',
      "const { presignS3: sign } = require('@hallpass/signing/s3')\nsign({ method: 'GET', expiresInSeconds: 31536000 })",
      ['HP101'],
    ],
    [
      'assigned',
      "const sign = hallpass.presignS3\nsign({ method: 'GET', expiresInSeconds: 31536000 })",
      ['HP101'],
    ],
    [
      'a method of the same name, which is another thing',
      "import { presignS3 as open } from '@hallpass/signing/s3'\nwindow.open({ expiresInSeconds: 31536000 })",
      [],
    ],
    [
      'a function of another package',
      "import { getSignedUrl as sign } from '@aws-sdk/s3-request-presigner'\nsign(client, new GetObjectCommand({ Key }), { expiresIn: 31536000 })",
      ['HP101'],
    ],
  ]
  for (const [title, text, rules] of renamed) {
    test(`a call ${title}`, () => assert.deepEqual(rulesOf(text), rules))
  }

  const chosen: readonly (readonly [expression: string, rules: readonly string[]])[] = [
    ['isLong ? 604800 : 60', ['HP101']],
    ['isShort ? 60 : 604800', ['HP101']],
    ['isShort ? 60 : isLong ? 604800 : 300', ['HP101']],
    ['(isLong ? 7 : 1) * 24 * 3600', ['HP101']],
    ["kind === 'a:b?' ? 60 : asked?.life", []],
    ['asked?.life ?? 604800', ['HP101']],
    ['asked.life || 60', []],
    ['isLong ? 3600 * 1000 : 60', ['HP102']],
    ['isShort ? 60 : 300', []],
  ]
  for (const [expression, rules] of chosen) {
    test(`of ${expression} the longer one counts`, () => {
      assert.deepEqual(rulesOf(`presignS3({ ${S3}, expiresInSeconds: ${expression} })`), rules)
      const lines = expression.replace(' ? ', '\n  ? ').replace(' : ', '\n  : ')
      const named = `const life = ${lines}\npresignS3({ ${S3}, expiresInSeconds: life })`
      assert.deepEqual(rulesOf(named), rules)
    })
  }

  test('of a day and a span the day counts, and in Python and PHP the longer one too', () => {
    const day = `isOpen ? new Date('2099-12-31') : new Date(Date.now() + 60_000)`
    assert.deepEqual(rulesOf(`presignS3({ ${S3}, expiresAt: ${day} })`), ['HP101'])
    const python = "s3.generate_presigned_url('get_object', ExpiresIn=60 if short else 604800)"
    assert.deepEqual(
      audit({ path: 'a.py', text: python }, { now }).map(({ ruleId }) => ruleId),
      ['HP101'],
    )
    const php = "<?php\n$s3->createPresignedRequest($command, $long ? '+7 days' : '+5 minutes');"
    assert.deepEqual(
      audit({ path: 'a.php', text: php }, { now }).map(({ ruleId }) => ruleId),
      ['HP101'],
    )
  })

  const foreign: readonly (readonly [title: string, text: string])[] = [
    ['imported', "import jwt from 'jsonwebtoken'\njwt.sign({ id }, key, { expiresAt: 31536000 })"],
    ['required', "const jwt = require('jsonwebtoken')\njwt.sign({ expiresInSeconds: 31536000 })"],
    ['of the runtime', "crypto.subtle.sign('Ed25519', key, { expiresInSeconds: 31536000 })"],
    [
      'of its module',
      "import { sign as signBytes, webcrypto } from 'node:crypto'\nwebcrypto.subtle.sign({ ttlSeconds: 31536000 })",
    ],
    [
      'made of an import',
      "import { SignatureV4 } from '@smithy/signature-v4'\nconst aws = new SignatureV4({})\naws.sign({ expiresInSeconds: 31536000 })",
    ],
    [
      'typed by an import',
      "import { JwtService } from '@nestjs/jwt'\nclass A {\n  constructor(private readonly tokens: JwtService) {}\n  make() {\n    return this.tokens.sign({ expiresInSeconds: 31536000 })\n  }\n}",
    ],
  ]
  for (const [title, text] of foreign) {
    test(`what another package signs, ${title}, is no call of the library`, () => {
      assert.deepEqual(rulesOf(text), [])
    })
  }

  test('a signer that the program hands from file to file is the library’s all the same', () => {
    const request = "{ method: 'GET', bucket, key, expiresInSeconds: 31536000 }"
    for (const text of [
      `import { signer } from './signer.js'\nsigner.sign(${request})`,
      `import { signer } from '@/signer'\nsigner.sign(${request})`,
      `import { createS3Signer } from '@hallpass/signing/s3'\nconst crypto = createS3Signer({ region })\ncrypto.sign(${request})`,
      `import type { S3Signer } from '@hallpass/signing/s3'\nconst link = (signer: S3Signer) => signer.sign(${request})`,
      `createS3Signer({ region, credentials }).sign(${request})`,
    ]) {
      assert.deepEqual(rulesOf(text), ['HP101'], text)
    }
  })

  test('what other libraries call the same is theirs', () => {
    const text = "import jwt from 'jsonwebtoken'\njwt.sign({ expiresInSeconds: 31536000 })"
    assert.deepEqual(audit({ path: 'a.ts', text }, { now }), [])
  })
})
