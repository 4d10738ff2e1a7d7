/**
 * Makes the types and the table of calls of @hallpass/client from the OpenAPI document of a server that it starts.
 * `node scripts/client.ts` writes them; with `--check` it only looks whether they are current, and exits with 1 if not.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { callsOf, writeCalls, writeFilters, writeTable } from './client/calls.ts'
import type { OpenApi } from './client/open-api.ts'
import { readOpenApi } from './client/open-api.ts'
import { writeSchemas } from './client/schemas.ts'

const FOLDER = 'packages/client/src/generated'
const HEAD = '/** Made of the OpenAPI document by `node scripts/client.ts`. */\n'

function filesOf(document: OpenApi): Readonly<Record<string, string>> {
  const calls = callsOf(document)
  const options = "import type { CallOptions } from '../send.ts'\n"
  return {
    'api.ts': [
      HEAD + options,
      ...writeSchemas(document),
      ...writeFilters(document),
      ...writeCalls(calls),
    ].join('\n'),
    'calls.ts': HEAD + writeTable(calls),
  }
}

function format(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-client-'))
  try {
    const paths = Object.keys(files).map((name) => join(folder, name))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const { status } = spawnSync('oxfmt', ['--config', '.oxfmtrc.json', ...paths], {
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error('oxfmt cannot format what was made.')
    return Object.fromEntries(
      Object.keys(files).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const made = format(filesOf(await readOpenApi()))
if (process.argv.includes('--check')) {
  const stale = Object.entries(made).filter(([name, text]) => text !== read(join(FOLDER, name)))
  for (const [name] of stale) {
    console.error(`${FOLDER}/${name} is not what the server's document says now.`)
  }
  if (stale.length > 0) {
    console.error('`node scripts/client.ts` makes it anew.')
    process.exit(1)
  }
} else {
  mkdirSync(FOLDER, { recursive: true })
  for (const [name, text] of Object.entries(made)) writeFileSync(join(FOLDER, name), text)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
