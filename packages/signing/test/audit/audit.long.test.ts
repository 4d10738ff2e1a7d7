/** audit in linear time. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { audit } from '@hallpass/signing/audit'
import { assertLinearTime } from '../../../../conformance/lib/linear-time.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const NOW = new Date('2026-03-14T09:30:00Z')

function vectorUrl(file: string, id: string): string {
  const { vectors } = JSON.parse(readFileSync(`${ROOT}/vectors/sdk/${file}.json`, 'utf8')) as {
    vectors: { id: string; expected: { url: string } }[]
  }
  return vectors.find((vector) => vector.id === id)?.expected.url ?? ''
}

const S3_GET = vectorUrl('s3-presign', 'key-plain')

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
  for (const piece of pieces) {
    const long = piece.repeat(Math.ceil((1 << 18) / piece.length))
    const short = long.slice(0, 1 << 14)
    const work = (text: string): unknown => audit({ path: 'nginx.conf', text }, { now: NOW })
    assertLinearTime(work, { short, long, factor: 80 }, piece.slice(0, 20))
  }
})
