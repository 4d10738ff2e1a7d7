import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDomainError } from '../../src/core/errors.ts'
import {
  folderOf,
  foldersOf,
  nameOf,
  parseBucketName,
  parseFilePath,
  parseFolderPath,
  parseKeyPrefix,
  parseNewBucketName,
  parseObjectKey,
  parseRawObjectPath,
} from '../../src/core/paths.ts'

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isDomainError(error)) return error.code
    throw error
  }
  return 'accepted'
}

test('a raw path is decoded exactly once, and a plus stays a plus', () => {
  assert.deepEqual(parseRawObjectPath('/acme/a%20b+c%2Bd.pdf'), {
    bucket: 'acme',
    key: 'a b+c+d.pdf',
  })
  assert.deepEqual(parseRawObjectPath('/acme/%252e%252e'), { bucket: 'acme', key: '%2e%2e' })
  assert.deepEqual(parseRawObjectPath('/acme/'), { bucket: 'acme', key: '' })
  assert.deepEqual(parseRawObjectPath('/acme'), { bucket: 'acme', key: '' })
  assert.deepEqual(parseRawObjectPath('/'), { bucket: '', key: '' })
})

test('a new bucket has no name that S3 keeps for itself; one that is there keeps its name', () => {
  for (const name of [
    'xn--a',
    'sthree-a',
    'sthree-configurator',
    'amzn-s3-demo-a',
    'a-s3alias',
    'a--ol-s3',
    'a.mrap',
    'a--x-s3',
    'a--table-s3',
    'a.-b',
    'a-.b',
  ]) {
    assert.equal(
      codeOf(() => parseNewBucketName(name)),
      'bucket-name-invalid',
      name,
    )
    assert.equal(parseBucketName(name), name)
  }
  for (const name of ['a.b', 'a--b', 'axn--a', 'mrap', 's3alias', 'a.b-c']) {
    assert.equal(parseNewBucketName(name), name)
  }
})

test('a prefix may be any text as long as a key', () => {
  for (const prefix of ['', '..', 'a/./', '\u0000', '\uFFFF']) {
    assert.equal(parseKeyPrefix(prefix), prefix)
  }
  assert.equal(
    codeOf(() => parseKeyPrefix('\uD800')),
    'path-invalid',
  )
  assert.equal(
    codeOf(() => parseKeyPrefix('ä'.repeat(513))),
    'key-too-long',
  )
})

test('doubled and trailing slashes belong to the key', () => {
  assert.deepEqual(parseRawObjectPath('/acme//x//y/'), { bucket: 'acme', key: '/x//y/' })
})

test('an empty first segment never becomes a bucket operation', () => {
  assert.equal(
    codeOf(() => parseRawObjectPath('//key')),
    'path-invalid',
  )
})

test('dot segments are refused in every spelling, after one decoding', () => {
  for (const path of [
    '/acme/../x',
    '/acme/..',
    '/acme/a/%2e%2e/b',
    '/acme/%2E/x',
    '/acme/a%2F..%2Fb',
    '/acme/a/.',
    '/acme/..%2f..%2fetc%2fpasswd',
  ]) {
    assert.equal(
      codeOf(() => parseRawObjectPath(path)),
      'path-invalid',
      path,
    )
  }
  assert.deepEqual(parseRawObjectPath('/acme/file..name'), { bucket: 'acme', key: 'file..name' })
  assert.deepEqual(parseRawObjectPath('/acme/...'), { bucket: 'acme', key: '...' })
})

test('a bucket cannot be reached by a dotted or encoded name', () => {
  for (const path of ['/../acme', '/%2e%2e/acme', '/%2e/x', '/ACME/x', '/ab/x', '/192.168.0.1/x']) {
    assert.equal(
      codeOf(() => parseRawObjectPath(path)),
      'bucket-name-invalid',
      path,
    )
  }
})

test('control bytes, broken escapes, bad UTF-8 and lone surrogates are refused', () => {
  for (const path of [
    '/acme/a%00b',
    '/acme/a%0Ab',
    '/acme/a%7F',
    '/acme/%',
    '/acme/%zz',
    '/acme/%ff',
    '/acme/%ED%A0%80',
  ]) {
    assert.equal(
      codeOf(() => parseRawObjectPath(path)),
      'path-invalid',
      path,
    )
  }
  assert.equal(
    codeOf(() => parseObjectKey('\uD800')),
    'path-invalid',
  )
})

test('backslashes, drive letters and device names are ordinary bytes of a key', () => {
  for (const key of ['a\\..\\b', 'C:\\x', '\\\\host\\share', 'CON', 'aux.txt']) {
    assert.equal(parseObjectKey(key), key)
  }
})

test('a key may have 1,024 bytes of UTF-8 and not one more', () => {
  assert.equal(parseObjectKey('a'.repeat(1024)).length, 1024)
  assert.equal(parseObjectKey('é'.repeat(512)).length, 512)
  assert.equal(
    codeOf(() => parseObjectKey('a'.repeat(1025))),
    'key-too-long',
  )
  assert.equal(
    codeOf(() => parseObjectKey('é'.repeat(513))),
    'key-too-long',
  )
})

test('composed and decomposed letters stay two keys', () => {
  assert.notEqual(parseObjectKey('\u00e9'), parseObjectKey('e\u0301'))
})

test('bucket names follow the rules of S3', () => {
  for (const name of ['abc', 'a-b.c1', '0'.repeat(63)]) assert.equal(parseBucketName(name), name)
  for (const name of [
    '',
    'ab',
    'Abc',
    'a_b',
    '-ab',
    'ab-',
    'a..b',
    '1.2.3.4',
    'a'.repeat(64),
    'a/b',
  ]) {
    assert.equal(
      codeOf(() => parseBucketName(name)),
      'bucket-name-invalid',
      name,
    )
  }
})

test('folder and file paths of the REST API are checked alike', () => {
  assert.deepEqual(parseFolderPath('acme'), { bucket: 'acme', key: '' })
  assert.deepEqual(parseFolderPath('acme/a/b'), { bucket: 'acme', key: 'a/b/' })
  assert.deepEqual(parseFolderPath('acme/a/b/'), { bucket: 'acme', key: 'a/b/' })
  assert.deepEqual(parseFilePath('acme/a/b.txt'), { bucket: 'acme', key: 'a/b.txt' })
  for (const path of ['acme/../x', 'acme//x', 'acme/./x']) {
    assert.equal(
      codeOf(() => parseFolderPath(path)),
      'path-invalid',
      path,
    )
  }
  assert.equal(
    codeOf(() => parseFilePath('acme')),
    'path-invalid',
  )
})

test('a key has a name for people and a folder', () => {
  assert.deepEqual(['a/b.txt', 'a/b/', '/x', '', '//'].map(nameOf), ['b.txt', 'b', 'x', '', ''])
  assert.deepEqual(['a/b.txt', 'a/b/', 'x', ''].map(folderOf), ['a/', 'a/b/', '', ''])
})

test('the folders of a key are listed nearest first', () => {
  assert.deepEqual(foldersOf('acme', 'a/b/c.txt'), ['acme/a/b/', 'acme/a/', 'acme/'])
  assert.deepEqual(foldersOf('acme', 'c.txt'), ['acme/'])
  assert.deepEqual(foldersOf('acme', '/x'), ['acme//', 'acme/'])
  assert.deepEqual(foldersOf('acme', ''), ['acme/'])
})
