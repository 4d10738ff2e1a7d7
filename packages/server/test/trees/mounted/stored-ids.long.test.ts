import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property, string, uint8Array } from 'fast-check'
import {
  createPartContentId,
  createStoredContentId,
  createStoredFileId,
  etagOfPart,
  pathOfStoredFile,
  placeOfContent,
} from '../../../src/trees/mounted/stored-ids.ts'
import { decodeLetters, encodeLetters } from '../../../src/trees/mounted/letters.ts'

test('the id of a mounted file says its path, in letters and digits alone', () => {
  const key = string({ unit: 'binary', minLength: 1, maxLength: 80 })
  check(
    property(key, string(), (text, etag) => {
      const id = createStoredFileId({ bucket: 'acme', key: text.toWellFormed() }, etag)
      assert.match(id, /^file_[0-9A-Za-z]+$/)
      assert.deepEqual(pathOfStoredFile(id), { bucket: 'acme', key: text.toWellFormed() })
    }),
  )
})

test('another state of an object is another file', () => {
  const path = { bucket: 'acme', key: 'a/b' }
  assert.equal(createStoredFileId(path, 'x'), createStoredFileId(path, 'x'))
  assert.notEqual(createStoredFileId(path, 'x'), createStoredFileId(path, 'y'))
})

test('what is no id of a mounted file has no path', () => {
  const own = 'file_0ABCDEFGabcdefghijklmnopqrstuv'
  for (const id of [own, '', 'file_', 'file_m', 'file_m0', 'file_m!!', 'file_mzzzzzzzzzzz']) {
    assert.equal(pathOfStoredFile(id), null, id)
  }
})

test('letters are bytes and back, and nothing else is read', () => {
  check(
    property(uint8Array({ maxLength: 70 }), (bytes) => {
      assert.deepEqual(Buffer.from(decodeLetters(encodeLetters(bytes)) ?? []), Buffer.from(bytes))
    }),
  )
  // Eleven letters that are more than eight bytes hold.
  assert.equal(decodeLetters('zzzzzzzzzzz'), null)
  assert.equal(decodeLetters('0'), null)
})

test('a content is found again, and a part is none yet', () => {
  const place = { bucket: 'acme', key: 'a"b', etag: '0x8D' }
  assert.deepEqual(placeOfContent(createStoredContentId(place)), place)
  assert.equal(placeOfContent(createPartContentId('abc')), null)
  assert.equal(etagOfPart(createPartContentId('abc')), 'abc')
})
