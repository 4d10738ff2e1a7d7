/** docs/checklist.md: its items are those of the server, its tests are there, and its commands print what stands below them. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CHECKLIST } from '../../packages/server/src/core/checklist/checklist.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${ROOT}docs/checklist.md`, 'utf8')
const [, preamble = ''] = /^```sh\n(.*?)^```$/ms.exec(text) ?? []
const sections = text.split(/^## /m).slice(1)
const numbered = CHECKLIST.filter(({ number }) => number !== null)

/** Which of the programs that the commands call this machine has not got. */
const missing = ['bash', 'curl'].filter((name) => spawnSync(name, ['--version']).status !== 0)
const skip = missing.length === 0 ? false : `not installed: ${missing.join(', ')}`

/** What a block runs, and what it must print. */
function readBlock(section: string): { readonly script: string; readonly printed: string } {
  const [, block = ''] = /^```console\n(.*?)^```$/ms.exec(section) ?? []
  const lines = block.split('\n').slice(0, -1)
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))
  const printed = lines.filter((line) => !line.startsWith('$ '))
  return { script: commands.join('\n'), printed: printed.join('\n') }
}

suite('docs/checklist.md', () => {
  test('has the seventeen items of the server, under their names', () => {
    const headings = sections.map((section) => section.split('\n')[0])
    const expected = numbered.map(({ number, title }) => `${number}. ${title}`)
    assert.deepEqual(headings, [...expected, 'On top of the seventeen'])
    for (const { title } of CHECKLIST) assert.ok(text.includes(title), title)
  })

  test('every test that it names is there', () => {
    for (const section of sections.slice(0, numbered.length)) {
      const proof = /^Proved by .*?(?=\n\n)/ms.exec(section)?.[0] ?? ''
      const named = [...proof.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)(?:: ([^;.]*))?/g)]
      assert.ok(named.length > 0, section)
      for (const [, shown, path = '', names = ''] of named) {
        assert.equal(shown, path)
        assert.ok(existsSync(`${ROOT}${path}`), path)
        const source = readFileSync(`${ROOT}${path}`, 'utf8')
        for (const [, name = ''] of names.matchAll(/“([^”]+)”/g)) {
          assert.ok(source.includes(name), `${path}: ${name}`)
        }
      }
    }
  })

  test('its commands print what it says', { skip }, async () => {
    await withServer(async (server) => {
      const env = { ...process.env, KEY: server.adminKey }
      const found: string[] = []
      const expected: string[] = []
      for (const section of sections.slice(0, numbered.length)) {
        const { script, printed } = readBlock(section)
        assert.notEqual(script, '', section)
        const whole = `${preamble}\n${script}`.replaceAll('http://localhost:8787', server.origin)
        const words = ['-euo', 'pipefail', '-c', whole]
        const { stdout } = await promisify(execFile)('bash', words, { env, timeout: PATIENCE_MS })
        found.push(stdout.trimEnd())
        expected.push(printed)
      }
      assert.deepEqual(found, expected)
    })
  })
})
