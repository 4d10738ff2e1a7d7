/**
 * The programs of docs/recipes, as they stand on their pages: compiled in the strictest way, and each run in a world with what
 * its page names.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Outcome, Project } from './project.ts'
import { ownEnvironment, problemOf } from './project.ts'
import { WORLDS } from './recipes/worlds.ts'

const PAGES = 'docs/recipes'
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  // Declarations of other packages are not ours to judge.
  skipLibCheck: true,
  noEmitOnError: true,
  rootDir: 'recipes',
  outDir: 'built',
}

interface Recipe {
  readonly name: string
  readonly page: string
}

export async function checkRecipes(project: Project): Promise<Outcome[]> {
  const recipes = readRecipes()
  for (const { name, page } of recipes) project.write(`recipes/${name}.ts`, programOf(page))
  const config = { compilerOptions: COMPILER_OPTIONS, include: ['recipes'] }
  project.write('tsconfig.json', JSON.stringify(config))
  const compiled = project.run('npx', ['--no', '--', 'tsc'])
  const problem = compiled.status === 0 ? null : problemOf(compiled)
  const outcomes: Outcome[] = [{ name: `${recipes.length} recipes compile`, problem }]
  if (problem !== null) return outcomes
  for (const recipe of recipes) outcomes.push(await checkRecipe(project, recipe))
  return outcomes
}

function readRecipes(): Recipe[] {
  return globSync(`${PAGES}/*.md`)
    .map((path) => ({ name: basename(path, '.md'), page: readFileSync(path, 'utf8') }))
    .filter(({ name }) => name !== 'README')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function programOf(page: string): string {
  return /^```ts\r?\n([^]*?)^```/m.exec(page)?.[1] ?? 'The page has no program.'
}

async function checkRecipe(project: Project, { name, page }: Recipe): Promise<Outcome> {
  const makeWorld = WORLDS[name]
  if (makeWorld === undefined) return { name: `recipe ${name}`, problem: 'Nobody can judge it.' }
  const folder = mkdtempSync(join(project.root, '..', `${name}-`))
  const world = await makeWorld({ project, page, folder })
  if ('lacks' in world) {
    return { name: `recipe ${name} compiles; not run: there is no ${world.lacks}`, problem: null }
  }
  try {
    const { printed, said, status } = await run(project, name, world.env)
    const problem = status === 0 ? await world.judge(printed) : `exit code ${status}`
    return {
      name: `recipe ${name}`,
      problem: problem === null ? null : `${problem}\n${printed}${said}`,
    }
  } finally {
    await world.close?.()
  }
}

async function run(
  project: Project,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ status: number | null; printed: string; said: string }> {
  const child = spawn('node', [join('built', `${name}.js`)], {
    cwd: project.root,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close') as Promise<[number | null]>
  const [printed, said, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ])
  return { status, printed, said }
}
