/** Uploads by a form with something strange in them, the same way for the same generator. */
import type { Random } from './mutate.ts'

export interface SignedForm {
  /** In the order in which they are sent. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

const NAMES = [
  'key',
  'policy',
  'acl',
  'tagging',
  'Content-Type',
  'success_action_status',
  'success_action_redirect',
  'redirect',
  'x-amz-meta-a',
  'x-amz-checksum-crc32',
  'x-amz-checksum-algorithm',
  'content-md5',
  'x-amz-server-side-encryption',
  'x-amz-security-token',
  'x-ignore-me',
  'X-Hallpass-Link',
  'file',
  '',
  'bucket',
  '__proto__',
] as const

const VALUES = [
  '',
  'x',
  '../x',
  '${filename}',
  '${filename}${filename}',
  '201',
  'javascript:alert(1)',
  'https://a.test/?x=\r\nSet-Cookie: a',
  'public-read',
  '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  '<!DOCTYPE a><Tagging/>',
  'AAAAAA==',
  '\u0000',
  'ü',
  'e30=',
  'x'.repeat(5000),
  '"',
  'a"; filename="b',
] as const

const FILENAMES = [
  'a.txt',
  '',
  '../../x',
  'a"b',
  'C:\\x\\y.txt',
  '\u0001',
  'ü.txt',
  'x'.repeat(2000),
]

/** The body, and the boundary that the head names. */
export function strangeForm(
  form: SignedForm,
  next: Random,
): { readonly body: string; readonly boundary: string } {
  const fields = [...form.fields]
  for (let times = next(3); times > 0; times -= 1) change(fields, next)
  const boundary = next(15) === 0 ? '' : '----WebKitFormBoundary0123456789'
  const parts = fields.map(([name, value]) => part(boundary, `name="${name}"`, value))
  const filename = FILENAMES[next(FILENAMES.length)] ?? ''
  const file = part(boundary, `name="file"; filename="${filename}"`, 'z'.repeat(next(3) * 1000))
  parts.splice(next(8) === 0 ? next(parts.length + 1) : parts.length, 0, file)
  if (next(12) === 0) parts.push(file)
  const body = `${parts.join('')}--${boundary}--\r\n`
  if (next(6) !== 0) return { body, boundary }
  const at = next(body.length)
  return { body: body.slice(0, at) + body.slice(at + next(40)), boundary }
}

function part(boundary: string, disposition: string, value: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`
}

function change(fields: (readonly [string, string])[], next: Random): void {
  const at = next(fields.length + 1)
  const field = [NAMES[next(NAMES.length)] ?? '', VALUES[next(VALUES.length)] ?? ''] as const
  switch (next(4)) {
    case 0:
      fields.splice(at, 1)
      return
    case 1:
      fields.splice(at, 0, field)
      return
    case 2:
      fields.splice(at, 1, [fields[at]?.[0] ?? '', field[1]])
      return
    default:
      fields.splice(next(fields.length + 1), 0, ...fields.splice(at, 1))
  }
}
