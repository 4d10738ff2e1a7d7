import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { explain } from '@hallpass/signing/explain'

const NOW = new Date('2026-03-14T09:30:00Z')

test('hostile texts of 1 MiB are answered: quadratic time would take minutes', () => {
  for (const piece of [
    'eyJ',
    'eyJaaaaaaaa.',
    'a--0',
    '=:',
    '%2D-',
    '/p/',
    '/s--',
    '&sr=a&sig=b',
    '/rails/active_storage/',
    "''",
  ]) {
    const long = piece.repeat(Math.ceil(1_048_576 / piece.length))
    for (const url of [`https://h.test/${long}`, `https://h.test/a?x=${long}`, `curl ${long}`]) {
      detect(url)
      const explanation = explain(
        {
          method: 'GET',
          url,
          headers: [
            ['Authorization', long],
            ['Signature-Input', long],
          ],
        },
        { now: NOW },
      )
      assert.ok(explanation.causes.length > 0, piece)
    }
  }
})
