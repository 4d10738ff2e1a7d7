import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createRedactor, redact } from '@hallpass/signing/redact'
import { NAMED_SECRETS, PRINTED_FORMS, printedLines } from './printed-forms.ts'
import type { NamedSecret } from './printed-forms.ts'
import { SCHEME_LINES, readMarked } from './schemes.ts'
import { createRandom } from './corpus.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE64URL = BASE64.replace('+/', '-_')
const HEX = '0123456789abcdef'

/** Secrets of the lengths and alphabets that are really signed, other ones in every round. */
function randomSecrets(random: () => number): NamedSecret[] {
  const run = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
  return [
    { name: 'sig', value: `${run(BASE64, 43)}=` },
    { name: 'sig', value: run(HEX, 64) },
    { name: 'X-Amz-Signature', value: run(HEX, 64) },
    { name: 'Signature', value: `${run(BASE64, 27)}=` },
    { name: 'temp_url_sig', value: run(HEX, 40) },
    { name: 'token', value: run(BASE64URL, 43) },
    { name: 'md5', value: run(BASE64URL, 22) },
    { name: 'verify', value: `1795860000-${run(BASE64, 43)}=` },
    { name: 'mac', value: run(HEX, 64) },
    { name: 'hmac', value: run(HEX, 64) },
  ]
}

test('no secret of a real one’s length and alphabet stays in any form', () => {
  const random = createRandom(11)
  for (let round = 0; round < 12; round += 1) {
    const secrets = randomSecrets(random)
    for (const [form] of PRINTED_FORMS) {
      for (const { line, expected, what } of printedLines(form, secrets)) {
        assert.equal(redact(line), expected, `${form}, ${what}`)
      }
    }
  }
})

suite('a redactor gives what redact gives', () => {
  const whole = (lines: readonly string[]): void => {
    for (const line of lines) {
      const expected = redact(line)
      for (let cut = 1; cut < line.length; cut += 1) {
        const redactor = createRedactor()
        const output = redactor.push(line.slice(0, cut)) + redactor.push(line.slice(cut))
        assert.equal(output + redactor.flush(), expected, `cut at ${cut}`)
      }
    }
  }

  test('for every form, wherever it is cut', () => {
    const secrets = NAMED_SECRETS.filter(({ name }) => ['sig', 'token', 'md5'].includes(name))
    for (const [form] of PRINTED_FORMS) {
      whole(printedLines(form, secrets).map(({ line }) => line))
    }
  })

  test('for every scheme, wherever it is cut', () => {
    whole(SCHEME_LINES.map(({ marked }) => readMarked(marked).line))
  })

  test('for every scheme, one character at a time', () => {
    for (const { marked } of SCHEME_LINES) {
      const { line, expected } = readMarked(marked)
      const redactor = createRedactor()
      const output = Array.from(line, (character) => redactor.push(character)).join('')
      assert.equal(output + redactor.flush(), expected)
    }
  })
})
