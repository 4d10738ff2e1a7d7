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
    'const url = getSignedUrl({ url, expires: Date.now() + 1 })\nconsole.log(url)\n',
    'url = generate_presigned_url("get_object")\nprint(url)\n',
    'console.log(',
    'endpoint: "http://',
    '"Resource": "*", DateLessThan ',
    'new Date("2099',
    'datetime(2099, 1, ',
    'secure=False Minio(',
    'end.setDate(end.getDate() + ',
    'import { presignS3 as a',
    'import { presignS3 as a } from "b"\n',
    'import ',
    'const { presignS3: a',
    'const a = b.presignS3;',
    'a.sign({ expiresInSeconds: b ? 1 : ',
    'a.b(c).sign({ expiresInSeconds: (b ? 1 : 2) }) ',
    'a: b = ',
    'presignS3({ expiresInSeconds: 60 if a else ',
  ]
  for (const piece of pieces) {
    for (const path of ['a.ts', 'a.py', 'a.php', 'a.go']) {
      const long = `presign signedurl s3 DateLessThan '@hallpass/signing' ${piece.repeat(Math.ceil((1 << 18) / piece.length))}`
      const short = long.slice(0, 1 << 15)
      const work = (text: string): unknown => audit({ path, text }, { now })
      assertLinearTime(work, { short, long, factor: 40 }, `${piece} in ${path}`)
    }
  }
})
