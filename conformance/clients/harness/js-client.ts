/** A JavaScript client: a script in `js/`, run by this Node, with the packages that `install.sh` installed. */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installed } from './find-client.ts'
import { testLibrary } from './library-client.ts'
import type { LibraryClient } from './library-client.ts'

type JsClient = Omit<LibraryClient, 'needed' | 'command'> & {
  /** The name of the script, and of the package without which there is nothing to test. */
  readonly script: string
  readonly package: string
}

export function testJsClient({ script, package: name, ...client }: JsClient): void {
  const hook = new URL('../js/resolve-installed.mjs', import.meta.url)
  hook.searchParams.set('in', pathToFileURL(installed('js', 'package.json')).href)
  const path = fileURLToPath(new URL(`../js/${script}`, import.meta.url))
  testLibrary({
    ...client,
    needed: [installed('js', 'node_modules', name, 'package.json')],
    command: [process.execPath, '--import', hook.href, path],
  })
}
