/** A Python client: a script in `python/`, run by the interpreter that `install.sh` gave its packages. */
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installed } from './find-client.ts'
import { testLibrary } from './library-client.ts'
import type { LibraryClient } from './library-client.ts'

type PythonClient = Omit<LibraryClient, 'needed' | 'command'> & {
  /** The name of the script, and of the package without which there is nothing to test. */
  readonly script: string
  readonly package: string
}

export function testPythonClient({ script, package: name, ...client }: PythonClient): void {
  const python = installed('python', 'bin', 'python')
  testLibrary({
    ...client,
    needed: [python, findPackage(name)],
    command: [python, '-B', fileURLToPath(new URL(`../python/${script}`, import.meta.url))],
  })
}

/** Packages lie in a folder that is named after the version of Python. */
function findPackage(name: string): string {
  const [path] = globSync(installed('python', 'lib', 'python3*', 'site-packages', name))
  return path ?? installed('python', 'lib', name)
}
