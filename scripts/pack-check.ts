/**
 * `npm run pack:check`: packs every package, installs the tarballs into empty projects, and holds them to what a user
 * finds there: every entry can be imported, the command runs with the server and without, the declarations compile, the
 * examples of the READMEs and the recipes of the documentation work, publint and Are the types wrong? have nothing to say. Needs the npm registry for the
 * dependencies. Exits with 1 if a step fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { PACKAGES, makeTarballs } from './pack/make-tarballs.ts'
import { checkCommand, checkSmallCommand } from './pack-check/command.ts'
import { checkContents } from './pack-check/contents.ts'
import { checkEntries, checkExamples, checkRequire } from './pack-check/entries.ts'
import { checkImage } from './pack-check/image.ts'
import { checkWithLinters } from './pack-check/linters.ts'
import { checkManifests } from './pack-check/manifests.ts'
import { checkOldestNode } from './pack-check/oldest-node.ts'
import type { Outcome } from './pack-check/project.ts'
import { createProject } from './pack-check/project.ts'
import { checkRecipes } from './pack-check/recipes.ts'
import { checkServing } from './pack-check/serving.ts'
import { checkTypes } from './pack-check/types.ts'

const CHECKS = [
  checkContents,
  checkManifests,
  checkWithLinters,
  checkEntries,
  checkRequire,
  checkCommand,
  checkServing,
  checkImage,
  checkTypes,
  checkExamples,
  checkRecipes,
  checkOldestNode,
]

let passed = 0
let failed = 0

function report(outcomes: readonly Outcome[]): void {
  for (const { name, problem } of outcomes) {
    console.log(problem === null ? `ok     ${name}` : `FAILED ${name}\n${problem}`)
    if (problem === null) passed += 1
    else failed += 1
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hallpass-pack-'))
try {
  const tarballs = makeTarballs(join(folder, 'tarballs'))
  const small = createProject(join(folder, 'small'), tarballs, { packages: ['signing', 'cli'] })
  report(checkSmallCommand(small))
  const whole = createProject(join(folder, 'whole'), tarballs, {
    packages: PACKAGES,
    locked: 'conformance/recipes',
  })
  for (const check of CHECKS) report(await check(whole))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exit(1)
