/** What docs/clients.md shows, run as it stands there: only the port is another one. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { listKeys } from './harness/digests.ts'
import { forClient, installed } from './harness/find-client.ts'
import { mustRun } from './harness/run-program.ts'

const packages = installed('js', 'node_modules')
const python = installed('python', 'bin')

/** Without what an example needs it is left out. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'AWS CLI': [join(python, 'aws')],
  s3cmd: ['s3cmd'],
  rclone: ['rclone'],
  restic: ['restic'],
  duplicity: ['duplicity', '/usr/lib/python3/dist-packages/boto3'],
  s3fs: ['s3fs', 'fusermount3', '/dev/fuse'],
  davix: ['davix-put'],
  curl: ['curl'],
  'AWS SDK for JavaScript': [join(packages, '@aws-sdk/lib-storage')],
  minio: [join(packages, 'minio')],
  flydrive: [join(packages, 'flydrive')],
  unstorage: [join(packages, 'unstorage')],
  'files-sdk': [join(packages, 'files-sdk')],
  boto3: [join(python, 'python')],
  'AWS SDK for Ruby': ['ruby', '/usr/lib/ruby/vendor_ruby/aws-sdk-s3.rb'],
}

const PROGRAMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  sh: ['sh', '-eu'],
  js: [process.execPath],
  python: [join(python, 'python')],
  ruby: ['ruby'],
}

const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8')
const sections = page.split(/^(?=###? )/m).filter((section) => section.startsWith('### '))
const examples = sections.flatMap((section) => {
  const [, language = '', code = ''] = /^```(\w+)\n(.*?)^```$/ms.exec(section) ?? []
  return language === '' ? [] : [{ name: headingOf(section), language, code }]
})

function headingOf(section: string): string {
  return (section.split('\n')[0] ?? '').slice('### '.length)
}

async function run(server: RunningServer, language: string, code: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'hallpass-client-'))
  try {
    mkdirSync(join(home, 'here'))
    writeFileSync(join(home, 'here', 'hello.txt'), 'hello\n')
    symlinkSync(packages, join(home, 'here', 'node_modules'))
    const file = join(home, 'here', language === 'js' ? 'example.mjs' : 'example')
    writeFileSync(file, code.replaceAll(/(?<=\b)8787\b/g, String(server.port)))
    const [program, ...words] = PROGRAMS[language] ?? assert.fail(`${language} is not known`)
    await mustRun([program, ...words, file], {
      cwd: join(home, 'here'),
      env: {
        HOME: home,
        ID: server.credentials.accessKeyId,
        SECRET: server.credentials.secretAccessKey,
        PATH: [python, process.env['PATH'] ?? ''].join(delimiter),
      },
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

test('every client that docs/clients.md has a heading for has an example that is run, but two that are compiled', () => {
  const shown = examples.map(({ name }) => name)
  assert.deepEqual(shown.toSorted(), Object.keys(NEEDED).toSorted())
  const others = sections.map(headingOf).filter((name) => !shown.includes(name))
  assert.deepEqual(others, ['Go and Java'])
})

for (const { name, language, code } of examples) {
  const title = `the example for ${name} works as it stands`
  forClient(title, NEEDED[name] ?? [], () => {
    test(title, async () => {
      await withServer(async (server) => {
        await makeBucket(server, 'acme')
        await run(server, language, code)
        assert.notDeepEqual(await listKeys(server, 'acme'), [])
      })
    })
  })
}
