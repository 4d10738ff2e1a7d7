/** docs/errors.md and the lists of codes in the source say the same, both ways. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PROBLEMS } from '../../../src/api/rest/render-error.ts'
import { S3_REFUSAL_CODES } from '../../../src/api/s3/errors/s3-refusal.ts'

const ROOT = new URL('../../../../../', import.meta.url)
const page = readFileSync(new URL('docs/errors.md', ROOT), 'utf8')
const [serverPart = '', signingPart = ''] = page.split('\n## Signing and verifying\n')

/** The members of an interface of details, read from the source: they exist at compile time only. */
function readCodes(file: string, interfaceName: string): string[] {
  const source = readFileSync(new URL(file, ROOT), 'utf8')
  const body = new RegExp(`interface ${interfaceName} \\{(.*?)\\n\\}`, 's').exec(source)?.[1] ?? ''
  return [...body.matchAll(/^ {2}'?([a-z][a-z-]+)'?: /gm)].map((match) => match[1] ?? '')
}

function readHeadings(text: string): string[] {
  return [...text.matchAll(/^#### ([a-z-]+)(?: \(signing\))?$/gm)].map((match) => match[1] ?? '')
}

test('every code of the server is documented, and every documented code exists', () => {
  const domain = readCodes('packages/server/src/core/errors.ts', 'DomainErrorDetails')
  assert.ok(domain.length > 20)
  const headings = readHeadings(serverPart)
  assert.deepEqual(headings.toSorted(), [...Object.keys(PROBLEMS), ...S3_REFUSAL_CODES].toSorted())
  assert.deepEqual(
    domain.filter((code) => !headings.includes(code)),
    [],
  )
  assert.equal(new Set(headings).size, headings.length)
})

test('every code of the signing library is documented, and every documented code exists', () => {
  const signing = readCodes('packages/signing/src/errors.ts', 'SigningErrorDetails')
  assert.ok(signing.length > 30)
  assert.deepEqual(readHeadings(signingPart).toSorted(), signing.toSorted())
})

test('the documented REST status of each code is the one that is answered', () => {
  for (const [code, [status]] of Object.entries(PROBLEMS)) {
    const documented = new RegExp(`^#### ${code}\\n\\nREST (\\d{3})[ .]`, 'm').exec(serverPart)?.[1]
    assert.equal(documented, String(status), code)
  }
})

test('every code says what causes it and what to do about it', () => {
  const sections = page.split(/^#### /m).slice(1)
  assert.ok(sections.length > 70)
  for (const section of sections) {
    const [code = ''] = section.split('\n', 1)
    assert.match(section, /^- \*\*Cause\.\*\* \S/m, code)
    assert.match(section, /^- \*\*Remedy\.\*\* \S/m, code)
  }
})

test('codes of the object plane alone say nothing of REST', () => {
  for (const code of S3_REFUSAL_CODES) {
    assert.match(serverPart, new RegExp(`^#### ${code}\\n\\nS3 \\d{3} \\w+\\.$`, 'm'), code)
  }
})
