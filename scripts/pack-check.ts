/**
 * `npm run pack:check`: packs every package, installs the tarballs into an empty project, and holds them to what a user
 * finds there: every entry can be imported, the command runs, the declarations compile, the examples of the READMEs work.
 * Needs the npm registry for the dependencies. Exits with 1 if a step fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { checkCommand } from './pack-check/command.ts'
import { checkContents } from './pack-check/contents.ts'
import { checkEntries, checkExamples } from './pack-check/entries.ts'
import { createProject } from './pack-check/project.ts'
import { checkTypes } from './pack-check/types.ts'

const CHECKS = [checkContents, checkEntries, checkCommand, checkTypes, checkExamples]

const folder = mkdtempSync(join(tmpdir(), 'hallpass-pack-'))
let failed = 0
try {
  const project = createProject(folder)
  for (const check of CHECKS) {
    for (const { name, problem } of check(project)) {
      console.log(problem === null ? `ok     ${name}` : `FAILED ${name}\n${problem}`)
      if (problem !== null) failed += 1
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failed > 0) process.exit(1)
