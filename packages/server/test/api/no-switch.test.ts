/** There is no way to run the server without verification: not by setting, not by environment, not by a line left in the source. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url))
const SWITCHES: readonly RegExp[] = [
  /(?:skip|disable|bypass|ignore|without|no)[-_]?(?:signature|auth(?:entication|orization)?|verif(?:y|ication))s?\b/i,
  /(?:signature|auth(?:entication|orization)?|verif(?:y|ication))[-_]?(?:disabled|off|optional|skipped)\b/i,
  /\ballow[-_]?anonymous\b|\binsecure[-_]?mode\b|\btrust[-_]?all\b/i,
]

function sourcesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Code alone: a comment may speak of what code may not do. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

test('nothing in the sources of the server and its command switches verification off', () => {
  const files = ['server/src', 'cli/src'].flatMap((part) => sourcesOf(join(PACKAGES, part)))
  assert.ok(files.length > 150)
  for (const file of files) {
    const code = withoutComments(readFileSync(file, 'utf8'))
    for (const pattern of SWITCHES) assert.doesNotMatch(code, pattern, file)
  }
})

test('only the door to each face makes a caller', () => {
  for (const file of sourcesOf(join(PACKAGES, 'server/src'))) {
    if (file.includes('/src/auth/') || file.endsWith('/core/identity.ts')) continue
    assert.doesNotMatch(readFileSync(file, 'utf8'), /\bmake(?:Principal|VerifiedLink)\b/, file)
  }
})
