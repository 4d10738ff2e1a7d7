/** The audit of source in linear time. */
import { test } from 'node:test'
import { audit } from '@hallpass/signing/audit'
import { assertLinearTime } from '../../../../conformance/lib/linear-time.ts'

const now = new Date('2026-03-14T09:30:00Z')

test('a long source file of half and nested calls takes time in proportion to its length', () => {
  const pieces = [
    'getSignedUrl(',
    'getSignedUrl({',
    "getSignedUrl('",
    'getSignedUrl({})',
    'getSignedUrl({a:(',
    '/*',
    '//',
    '`',
    'generate_presigned_url(',
    'const a = ',
    '.Presign(',
    'x=new PutObjectCommand(',
    'timedelta(',
    '-',
    '"""',
    ')',
  ]
  for (const piece of pieces) {
    for (const path of ['a.ts', 'a.py', 'a.php', 'a.go']) {
      const long = `presign signedurl ${piece.repeat(Math.ceil((1 << 18) / piece.length))}`
      const short = long.slice(0, 1 << 15)
      const work = (text: string): unknown => audit({ path, text }, { now })
      assertLinearTime(work, { short, long, factor: 40 }, `${piece} in ${path}`)
    }
  }
})
