import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createAutomaticLinkId,
  createLinkId,
  creatorOfLink,
  fileIdOfLink,
  isAutomaticLink,
  issuedAtOfLink,
} from '../../src/core/link-id.ts'
import { createId } from '../../src/platform/ids.ts'
import { systemRandom } from '../../src/platform/random.ts'

const NOW = Date.UTC(2026, 2, 14, 9, 26, 53) + 589

test('the id of a link says when it was issued, to the millisecond', () => {
  assert.equal(issuedAtOfLink(createLinkId(NOW, systemRandom)), NOW)
  assert.equal(
    issuedAtOfLink(
      createAutomaticLinkId(NOW, systemRandom, { fileId: 'file_abc', createdBy: 'key_1' }),
    ),
    NOW,
  )
})

test('the id of an automatic link says which file it is for and for whom; others do not', () => {
  const fileId = 'file_0abcXYZ'
  const id = createAutomaticLinkId(NOW, systemRandom, { fileId, createdBy: 'key_a.B-1' })
  assert.match(id, /^[A-Za-z0-9._-]+$/)
  assert.equal(fileIdOfLink(id), fileId)
  assert.equal(creatorOfLink(id), 'key_a.B-1')
  assert.equal(isAutomaticLink(id), true)
  const stored = createLinkId(NOW, systemRandom)
  assert.equal(fileIdOfLink(stored), null)
  assert.equal(creatorOfLink(stored), null)
  assert.equal(isAutomaticLink(stored), false)
})

test('what is no such id says nothing', () => {
  for (const id of ['', 'link_', createId(systemRandom, 'link_'), 'auto_', 'auto_x.y', 'link_é']) {
    assert.equal(issuedAtOfLink(id), null, id)
    assert.equal(fileIdOfLink(id), null, id)
  }
})
