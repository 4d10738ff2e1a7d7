/** Reads what lies in deploy/ as those do who are given it: the recipe of the image with a linter, and each YAML document by its rules. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { validate } from 'dockerfile-utils'
import { parseAllDocuments } from 'yaml'
import { DOCKERFILE } from './pack-check/dockerfile.ts'

const problems: string[] = validate(readFileSync(DOCKERFILE, 'utf8')).map(
  ({ range, message }) =>
    `${DOCKERFILE}:${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
)
for (const entry of readdirSync('deploy', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.yaml')) continue
  const path = join(entry.parentPath, entry.name)
  const documents = parseAllDocuments(readFileSync(path, 'utf8'), { strict: true, merge: true })
  for (const document of documents) {
    for (const { message } of [...document.errors, ...document.warnings]) {
      problems.push(`${path}: ${message}`)
    }
  }
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
