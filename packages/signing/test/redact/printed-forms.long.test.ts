import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { redact } from '@hallpass/signing/redact'
import { CLEAN_LINES } from './clean-lines.ts'
import { LINE_WRITERS, NAMED_SECRETS, PRINTED_FORMS, printedLines } from './printed-forms.ts'
import { SCHEME_LINES, readMarked } from './schemes.ts'

suite('redact on pairs as programs print them', () => {
  for (const [form] of PRINTED_FORMS) {
    test(form, () => {
      for (const { line, expected, what } of printedLines(form, NAMED_SECRETS)) {
        assert.equal(redact(line), expected, what)
      }
    })
  }

  test('a HAR file loses what its URLs and what its lists of parameters hold', () => {
    const entries = NAMED_SECRETS.map(({ name, value }) => ({
      request: {
        method: 'GET',
        url: `https://f.example.test/a?x=1&${name}=${encodeURIComponent(value)}`,
        queryString: [
          { name: 'x', value: '1' },
          { name, value },
        ],
      },
    }))
    for (const indent of [0, 2]) {
      const output = redact(JSON.stringify({ log: { entries } }, null, indent))
      for (const { value } of NAMED_SECRETS) assert.ok(!output.includes(value.slice(0, 12)))
      const { log } = JSON.parse(output) as { log: { entries: unknown[] } }
      assert.equal(log.entries.length, entries.length)
    }
  })

  test('a password in a form is none of a log reader’s business, whatever it looks like', () => {
    for (const line of [
      '?user=a&password=hunter2&x=1',
      '{"name":"password","value":"hunter2"}',
      'Content-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--b--',
    ]) {
      assert.equal(redact(line), line.replace('hunter2', '[redacted]'))
    }
  })
})

suite('redact on further schemes', () => {
  for (const scheme of new Set(SCHEME_LINES.map((line) => line.scheme))) {
    test(scheme, () => {
      for (const { marked } of SCHEME_LINES.filter((line) => line.scheme === scheme)) {
        const { line, expected } = readMarked(marked)
        assert.equal(redact(line), expected)
        assert.equal(redact(JSON.stringify({ msg: line })), JSON.stringify({ msg: expected }))
      }
    })
  }
})

test('redact leaves lines that talk about signatures as they are, however they are written', () => {
  for (const clean of CLEAN_LINES) {
    for (const [writer, write] of LINE_WRITERS) {
      const line = write(clean)
      assert.equal(redact(line), line, writer)
    }
  }
})
