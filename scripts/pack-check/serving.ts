/** The one command with which a user of the packages serves files, from nothing installed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { PACKAGES } from '../pack/make-tarballs.ts'
import type { Outcome, Project } from './project.ts'
import { ownEnvironment } from './project.ts'

/** docs/packages.md has it with names of the registry in place of the tarballs. */
export async function checkServing({ root, tarballs }: Project): Promise<Outcome[]> {
  const packages = PACKAGES.flatMap((name) => ['--package', tarballs[name]])
  const child = spawn(
    'npx',
    [
      '--yes',
      '--ignore-scripts',
      ...packages,
      'hallpass',
      'serve',
      '--port',
      '0',
      '--data-dir',
      'data',
    ],
    // Outside of a project, so that npx has nothing at hand; a group of its own, so that what npx starts ends with it.
    { cwd: mkdtempSync(join(root, '..', 'nothing-')), env: ownEnvironment(), detached: true },
  )
  const said: string[] = []
  const ended = once(child, 'close')
  try {
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
    let status: number | null = null
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(`${line}\n`)
      const [url] = /http:\/\/\S+/.exec(line) ?? []
      if (url === undefined) continue
      status = (await fetch(new URL('/-/healthz', url))).status
      break
    }
    return [{ name: 'npx … hallpass serve', problem: status === 200 ? null : said.join('') }]
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM')
    await ended
  }
}
