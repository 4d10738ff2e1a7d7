/** redact on what the SDKs signed, and wherever a stream is cut. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { REDACTED, createRedactor, redact } from '@hallpass/signing/redact'
import { chunked } from './chunked.ts'
import { secretLines } from './corpus.ts'

/** Every run of eight or more letters and digits of a secret, as it could show up under any escaping. */
function traces(secret: string): string[] {
  return (secret.match(/[A-Za-z0-9]{8,}/g) ?? []).flatMap((run) => [run.slice(0, 8), run.slice(-8)])
}

suite('redact on the corpus of SDK output', () => {
  const lines = secretLines()

  test('the corpus has at least 2,000 lines in at least 12 dialects, each with a secret', () => {
    assert.ok(lines.length >= 2000, `${lines.length} lines`)
    assert.ok(new Set(lines.map(({ dialect }) => dialect)).size >= 12)
    for (const { line, secrets } of lines) assert.ok(secrets.length > 0 && line !== '')
  })

  test('every secret is gone and everything else stays, byte for byte', () => {
    for (const { line, expected, secrets, dialect, shape } of lines) {
      const output = redact(line)
      assert.equal(output, expected, `${dialect}, ${shape}`)
      for (const trace of secrets.flatMap(traces)) {
        assert.ok(!output.includes(trace), `${dialect}, ${shape}: ${trace} is left`)
      }
    }
  })

  test('redacting twice changes nothing more', () => {
    for (const { expected } of lines) assert.equal(redact(expected), expected)
  })

  test('the whole corpus as one stream, cut at odd places, gives the same', () => {
    const text = lines.map(({ line }) => line).join('\n') + '\n'
    const whole = redact(text)
    for (const size of [1021, 65_536]) {
      const redactor = createRedactor()
      let output = ''
      for (let at = 0; at < text.length; at += size)
        output += redactor.push(text.slice(at, at + size))
      assert.equal(output + redactor.flush(), whole, `chunks of ${size}`)
    }
  })
})

test('gives what redact gives, wherever the text is cut', () => {
  const sample = secretLines().filter((_, index) => index % 97 === 0)
  for (const { line } of sample) {
    const whole = redact(line)
    for (let cut = 0; cut <= line.length; cut += 1) assert.equal(chunked(line, [cut]), whole)
  }
})

test('holds back a bounded number of characters, whatever comes', () => {
  for (const chunk of [
    'a',
    'eyJ',
    'token=',
    '%25',
    '?',
    'A1b2',
    ' ',
    '&',
    '"token":"',
    'eyJabc.',
  ]) {
    const redactor = createRedactor()
    let input = 0
    let output = 0
    let secrets = 0
    for (let round = 0; round < 400; round += 1) {
      const text = chunk.repeat(256)
      input += text.length
      const answer = redactor.push(text)
      output += answer.length
      secrets += answer.split(REDACTED).length - 1
    }
    const rest = redactor.flush()
    assert.ok(rest.length < 40_000, `${JSON.stringify(chunk)} held ${rest.length}`)
    assert.ok(output + rest.length > 0 && input > 0 && secrets >= 0)
  }
})
