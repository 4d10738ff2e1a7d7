/** audit in linear time. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { DEFAULT_AUDIT_POLICY, audit } from '@hallpass/signing/audit'
import type { AuditFinding, AuditPolicy } from '@hallpass/signing/audit'

const ROOT = resolve(import.meta.dirname, '../../../..')
const NOW = new Date('2026-03-14T09:30:00Z')

function vectorUrl(file: string, id: string): string {
  const { vectors } = JSON.parse(readFileSync(`${ROOT}/vectors/sdk/${file}.json`, 'utf8')) as {
    vectors: { id: string; expected: { url: string } }[]
  }
  return vectors.find((vector) => vector.id === id)?.expected.url ?? ''
}

const S3_GET = vectorUrl('s3-presign', 'key-plain')

function run(
  path: string,
  text: string,
  now = NOW,
  policy: Partial<AuditPolicy> = {},
): AuditFinding[] {
  return audit({ path, text }, { now, policy: { ...DEFAULT_AUDIT_POLICY, ...policy } })
}

test('hostile lines take time in proportion to their length', () => {
  const pieces = [
    S3_GET,
    `${S3_GET} `,
    'http://a/?token=abcdefgh12;',
    'https://',
    '/token=abcdefgh1',
    'https%3A%2F%2Fa%3Fsig%3Dabcdefgh1%26',
    'sig=aaaaaaaa)',
    '?sig=aaaaaaaa&)))',
    'log_format a ',
    'access_log x',
    'CustomLog  ',
    ' log {',
    '%REQ(',
    'LogFormat %r\n',
  ]
  const time = (text: string): number => {
    // Processor time: what other processes do must not count.
    const start = process.cpuUsage().user
    run('nginx.conf', text)
    return (process.cpuUsage().user - start) / 1000
  }
  for (const piece of pieces) {
    const long = piece.repeat(Math.ceil((1 << 18) / piece.length))
    const short = long.slice(0, 1 << 14)
    const base = Math.max(5, time(short))
    const taken = time(long)
    assert.ok(taken <= base * 80, `${piece.slice(0, 20)}: ${taken} ms beside ${base} ms`)
  }
})
