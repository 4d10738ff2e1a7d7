import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showDirectionMarks, withoutDirectionMarks } from '../../src/core/content-disposition.ts'

test('a disposition that somebody else wrote carries no direction marks either', () => {
  for (const mark of ['\u061C', '\u200E', '\u200F', '\u202A', '\u202E', '\u2066', '\u2069']) {
    const escaped = encodeURIComponent(mark)
    for (const text of [escaped, escaped.toLowerCase(), mark]) {
      const given = `attachment; filename="a${text}fdp.exe"; filename*=UTF-8''a${text}b.exe`
      const clean = `attachment; filename="afdp.exe"; filename*=UTF-8''ab.exe`
      assert.equal(withoutDirectionMarks(given), clean, escaped)
    }
  }
  assert.equal(
    withoutDirectionMarks(`inline; filename*=UTF-8''%E2%80%E2%80%AE%AE`),
    `inline; filename*=UTF-8''`,
  )
  const harmless = `inline; filename*=UTF-8''%E2%80%9C%C3%BC%E2%80%9D.pdf`
  assert.equal(withoutDirectionMarks(harmless), harmless)
})

test('a name that people see shows its direction marks', () => {
  assert.equal(showDirectionMarks('a\u202Efdp.exe'), 'a[U+202E]fdp.exe')
  assert.equal(showDirectionMarks('\u061Ca\u2069'), '[U+061C]a[U+2069]')
  assert.equal(showDirectionMarks('שלום שלום.pdf'), 'שלום שלום.pdf')
})
