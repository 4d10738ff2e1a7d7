/** Which files are in the packages: the build of every source, the licence and the README, and nothing else. */
import { globSync } from 'node:fs'
import type { Outcome, Project } from './project.ts'
import { PACKAGES } from './project.ts'

const ALLOWED =
  /^(?:package\.json|README\.md|LICENSE|bin\/hallpass\.js|src\/.+\.ts|dist\/.+\.(?:js|d\.ts|js\.map))$/

export function checkContents(project: Project): Outcome[] {
  return PACKAGES.map((name) => {
    const files = globSync('**/*.*', { cwd: project.installed(name) })
      .concat(globSync('LICENSE', { cwd: project.installed(name) }))
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !path.startsWith('node_modules/'))
    const problems = [
      ...files.filter((path) => !ALLOWED.test(path)).map((path) => `${path} should not be there`),
      ...missing(new Set(files)).map((path) => `${path} is missing`),
    ]
    return { name: `files of ${name}`, problem: problems.length === 0 ? null : problems.join('\n') }
  })
}

/** What belongs to each source and to the package, and is not there; a build without its source counts too. */
function missing(files: ReadonlySet<string>): string[] {
  const expected = ['package.json', 'README.md', 'LICENSE']
  for (const path of files) {
    const [, source] = /^src\/(.+)\.ts$/.exec(path) ?? []
    if (source !== undefined) expected.push(`dist/${source}.js`, `dist/${source}.d.ts`)
    const [, built] = /^dist\/(.+)\.js$/.exec(path) ?? []
    if (built !== undefined) expected.push(`src/${built}.ts`)
  }
  return expected.filter((path) => !files.has(path))
}
