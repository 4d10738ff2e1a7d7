/** Imports what the packages export, and runs the examples of their READMEs. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

/** The entries of @hallpass/signing, `''` for the main one. */
export function signingEntries(project: Project): string[] {
  return globSync('*.js', { cwd: join(project.installed('signing'), 'dist') })
    .map((file) => file.replace(/\.js$/, ''))
    .map((name) => (name === 'index' ? '@hallpass/signing' : `@hallpass/signing/${name}`))
    .toSorted()
}

export const CLIENT_ENTRIES = [
  '@hallpass/client',
  '@hallpass/client/link',
  '@hallpass/client/link-handler',
  '@hallpass/client/node',
  '@hallpass/client/upload',
  '@hallpass/client/upload-handler',
]

/** Prints the specifiers whose import does not go as it should. */
const IMPORTER = `
const [entries, inner] = JSON.parse(process.argv[2])
for (const entry of entries) {
  const names = Object.keys(await import(entry))
  // An entry of types alone has no names.
  if (names.length === 0 && !entry.endsWith('/types')) console.log(entry + ' exports nothing')
}
for (const path of inner) {
  const code = await import(path).then(() => 'nothing', (error) => error.code)
  if (code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') console.log(path + ' answers ' + code)
}
`

export function checkEntries(project: Project): Outcome[] {
  const entries = [
    ...signingEntries(project),
    ...CLIENT_ENTRIES,
    '@hallpass/react',
    '@hallpass/server',
  ]
  return [importWith(project, 'node', entries)]
}

/** Imports the entries in a Node, and tries to import what is none. */
export function importWith(project: Project, node: string, entries: readonly string[]): Outcome {
  const inner = ['@hallpass/signing/lib/bytes', '@hallpass/signing/dialects/s3/verify']
  project.write('entries.mjs', IMPORTER)
  const answer = project.run(node, ['entries.mjs', JSON.stringify([entries, inner])])
  const isRight = answer.status === 0 && answer.stdout === ''
  return {
    name: `import of ${entries.length} entries`,
    problem: isRight ? null : problemOf(answer),
  }
}

/** Prints the names that `require` does not give and `import` does. */
const REQUIRER = `
for (const entry of JSON.parse(process.argv[2])) {
  import(entry).then((imported) => {
    const required = require(entry)
    const lost = Object.keys(imported).filter((name) => required[name] !== imported[name])
    if (lost.length > 0) console.log(entry + ' lacks ' + lost)
  })
}
`

/** CommonJS gets the same modules by `require`, as docs/packages.md says. */
export function checkRequire(project: Project): Outcome[] {
  const entries = signingEntries(project)
  project.write('entries.cjs', REQUIRER)
  const answer = project.run('node', ['entries.cjs', JSON.stringify(entries)])
  const isRight = answer.status === 0 && answer.stdout === ''
  return [{ name: 'require() of the entries', problem: isRight ? null : problemOf(answer) }]
}

export function checkExamples(project: Project): Outcome[] {
  return (['signing', 'client', 'server'] as const).map((name) => {
    const readme = readFileSync(join(project.installed(name), 'README.md'), 'utf8')
    const example = /^```js\r?\n([^]*?)^```/m.exec(readme)?.[1] ?? 'throw new Error("no example")'
    project.write(`example-${name}.mjs`, example)
    const answer = project.run('node', [`example-${name}.mjs`])
    return { name: `example of ${name}`, problem: answer.status === 0 ? null : problemOf(answer) }
  })
}
