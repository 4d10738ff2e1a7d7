import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectLine, formatValue } from '../../src/remote/policy/policy-lines.ts'

test('a line becomes a number, a time in seconds, a truth, a list or a word', () => {
  const lines = [
    'maxBytes=5000000',
    'maxDownloadSeconds=1h',
    'reasonOverSeconds=0',
    'requireIp=true',
    'methods=GET',
    'contentTypes=image/*, text/plain',
    'inlineTypes=',
    'corsOrigins=https://app.example.com',
    'quarantine=clamav',
    'scannerLost=hold',
  ]
  assert.deepEqual(
    lines.reduce((policy, line) => collectLine(line, policy), {}),
    {
      maxBytes: 5_000_000,
      maxDownloadSeconds: 3600,
      reasonOverSeconds: 0,
      requireIp: true,
      methods: ['GET'],
      contentTypes: ['image/*', 'text/plain'],
      inlineTypes: [],
      corsOrigins: ['https://app.example.com'],
      quarantine: ['clamav'],
      scannerLost: 'hold',
    },
  )
})

test('what is no line is refused, and a value is shown as it is typed', () => {
  for (const text of ['maxBytes', '=5', 'a b=1', '']) {
    assert.throws(() => collectLine(text), /Expected a line such as/)
  }
  assert.throws(() => collectLine('maxDownloadSeconds=soon'), /Expected a time/)
  assert.equal(formatValue(['GET', 'PUT']), 'GET,PUT')
  assert.equal(formatValue([]), '(none)')
  assert.equal(formatValue(false), 'false')
  assert.equal(formatValue('hold'), 'hold')
})
