/** Which files are in the packages: what each source was built into, the licence and the README, and nothing else. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGES } from '../pack/make-tarballs.ts'
import type { PackageFolder } from '../pack/make-tarballs.ts'
import type { Outcome, Project } from './project.ts'

export function checkContents(project: Project): Outcome[] {
  return PACKAGES.map((name) => {
    const present = filesBelow(project.installed(name))
    const expected = expectedOf(name)
    const problems = [
      ...[...present].filter((path) => !expected.has(path)).map((path) => `${path} is too much`),
      ...[...expected].filter((path) => !present.has(path)).map((path) => `${path} is missing`),
      ...deadMaps(project.installed(name), present),
    ]
    return { name: `files of ${name}`, problem: problems.length === 0 ? null : problems.join('\n') }
  })
}

function filesBelow(folder: string): Set<string> {
  const entries = globSync('**', { cwd: folder, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return new Set(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !path.startsWith('node_modules/')),
  )
}

function expectedOf(name: PackageFolder): Set<string> {
  const built = globSync('**/*.ts', { cwd: join('packages', name, 'src') })
    .map((path) => path.replaceAll('\\', '/').replace(/\.ts$/, ''))
    .flatMap((path) => [`dist/${path}.js`, `dist/${path}.d.ts`])
  const command = name === 'cli' ? ['bin/hallpass.js'] : []
  const console = name === 'server' ? consoleFiles() : []
  return new Set(['package.json', 'README.md', 'LICENSE', ...command, ...built, ...console])
}

function consoleFiles(): string[] {
  const built = [...filesBelow('packages/console/dist')].filter((path) => !path.endsWith('.sha256'))
  return built.map((path) => `console/${path}`)
}

/** A browser's tools complain about a map that is named and not there. */
function deadMaps(folder: string, files: ReadonlySet<string>): string[] {
  return [...files]
    .filter((path) => path.endsWith('.js'))
    .filter((path) => /^\/\/# sourceMappingURL=/m.test(readFileSync(join(folder, path), 'utf8')))
    .map((path) => `${path} names a source map`)
}
