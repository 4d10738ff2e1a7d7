import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLanguage } from '../../../src/api/share/messages/choose-language.ts'

const chosen = (header: string | null): string => chooseLanguage(header).language

test('the language is the one that is wanted most, of those there are', () => {
  assert.equal(chosen('de-CH, fr;q=0.9, en;q=0.8'), 'de')
  assert.equal(chosen('nl, fr;q=0.5, es;q=0.7'), 'es')
  assert.equal(chosen('zh-Hant-TW'), 'zh')
  assert.equal(chosen('JA'), 'ja')
})

test('where nothing fits, or nothing can be read, it is English', () => {
  for (const header of [null, '', '*', 'nl', 'de;q=0', 'de;q=2', ';;,,', '-', 'x'.repeat(10_000)]) {
    assert.equal(chosen(header), 'en', String(header))
  }
})
