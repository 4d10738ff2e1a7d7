import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { AWS_ENV, folderOf, run } from './run-cli.ts'

interface Report {
  readonly findings: readonly {
    ruleId: string
    path: string
    line: number
    commit: string | null
  }[]
}

async function signed(): Promise<string> {
  return (await run(['sign', 's3', 'get', 'bucket/k'], { env: AWS_ENV })).stdout.trimEnd()
}

function findings(stdout: string): Report['findings'] {
  return (JSON.parse(stdout) as Report).findings
}

suite('hallpass audit', () => {
  test('walks a folder, leaves out what is no text or was installed, and follows no link', async () => {
    const url = await signed()
    const cwd = folderOf({
      'app/access.log': `x\nGET ${url}\n`,
      'app/sign.ts': "s3.getSignedUrl('putObject', { Expires: 60 })\n",
      'node_modules/x/a.js': `'${url}'`,
      'app/image.png': Buffer.concat([Buffer.from([0, 1]), Buffer.from(url)]),
      'app/huge.log': `${url}\n`.repeat(400),
      'clean.md': '# nothing\n',
    })
    symlinkSync('/etc', join(cwd, 'link'))
    const { exitCode, stdout, stderr } = await run(['audit', '--json', '--max-bytes', '100000'], {
      cwd,
    })
    assert.equal(exitCode, 1)
    assert.deepEqual(
      findings(stdout).map(({ ruleId, path, line }) => `${path}:${line} ${ruleId}`),
      ['app/access.log:2 HP001', 'app/sign.ts:1 HP104', 'app/sign.ts:1 HP105'],
    )
    assert.match(stderr, /left out app\/huge.log: it is larger than 100000 bytes/)
    rmSync(cwd, { recursive: true })
  })

  test('takes the policy of a folder as the server answers it', async () => {
    const answer = (lines: object): string => JSON.stringify({ path: 'acme/', policy: {}, lines })
    const line = (value: unknown): object => ({ value, from: 'acme/' })
    const cwd = folderOf({
      'urls.log': await signed(),
      'tight.json': answer({ maxDownloadSeconds: line(60), methods: line(['GET']) }),
      'open.json': answer({ maxDownloadSeconds: line(604_800), methods: line(['GET']) }),
      'wrong.json': answer({ maxDownloadSeconds: line('60') }),
    })
    const rules = async (policy: string): Promise<string[]> => {
      const { stdout } = await run(['audit', 'urls.log', '--json', '--policy', policy], { cwd })
      return findings(stdout).map(({ ruleId }) => ruleId)
    }
    assert.deepEqual(await rules('open.json'), ['HP001'])
    assert.deepEqual(await rules('tight.json'), ['HP001', 'HP003'])
    const { exitCode, stderr } = await run(['audit', '--policy', 'wrong.json'], { cwd })
    assert.equal(exitCode, 2)
    assert.match(stderr, /wrong.json: maxDownloadSeconds must be a whole number of seconds/)
  })

  test('exits with 0, 1, 2 and 3 as documented', async () => {
    const cwd = folderOf({
      'a.md': 'clean\n',
      'b.md': await signed(),
      'p.json': '{"maxDays":1}',
      'q.json': '{"ignore":["HP001"]}',
    })
    assert.equal((await run(['audit', 'a.md'], { cwd })).exitCode, 0)
    assert.equal((await run(['audit', 'b.md'], { cwd })).exitCode, 1)
    assert.equal((await run(['audit', 'b.md', '--policy', 'q.json'], { cwd })).exitCode, 0)
    const policy = await run(['audit', 'a.md', '--policy', 'p.json'], { cwd })
    assert.equal(policy.exitCode, 2)
    assert.match(policy.stderr, /p.json: maxDays is unknown; a policy has maxDownloadSeconds/)
    assert.equal((await run(['audit', 'a.md', '--format', 'xml'], { cwd })).exitCode, 2)
    assert.equal((await run(['audit', 'missing.md'], { cwd })).exitCode, 3)
    const late = ['--now', '2026-04-01', '--fail-on', 'warning']
    assert.equal((await run(['audit', 'b.md', ...late], { cwd })).exitCode, 0)
  })

  test('reads standard input, and reports as text, JSON and SARIF without a usable URL', async () => {
    const url = await signed()
    const signature = /Signature=([0-9a-f]{64})/.exec(url)?.[1] ?? assert.fail()
    for (const format of ['text', 'json', 'sarif']) {
      const { exitCode, stdout } = await run(['audit', '-', '--format', format], {
        stdin: `${url}\n`,
      })
      assert.equal(exitCode, 1)
      assert.match(stdout, /HP001/)
      assert.ok(!stdout.includes(signature))
      if (format === 'sarif')
        assert.equal((JSON.parse(stdout) as { version: string }).version, '2.1.0')
    }
  })

  test('reads standard input of any length in pieces, and counts its lines on', async () => {
    const url = await signed()
    const filler = `${'x'.repeat(999)}\n`.repeat(4500)
    const stdin = `${url}\n${filler}${url}\n`
    const { stdout } = await run(['audit', '-', '--json'], { stdin })
    assert.deepEqual(
      findings(stdout).map(({ line }) => line),
      [1, 4502],
    )
  })

  test('--history of a file says that it needs a folder', async () => {
    const cwd = folderOf({ 'a.txt': 'x' })
    const { exitCode, stderr } = await run(['audit', '--history', 'a.txt'], { cwd })
    assert.equal(exitCode, 2)
    assert.match(stderr, /reads the repository of a folder, and .*a\.txt is none/)
  })

  test('--history finds what was committed once and removed again, where it came first', async () => {
    const url = await signed()
    const cwd = folderOf({ 'notes.md': 'one\n', 'src/a.ts': 'export {}\n' })
    const git = (...parameters: string[]): string =>
      execFileSync(
        'git',
        [
          '-c',
          'user.name=t',
          '-c',
          'user.email=t@example.test',
          '-c',
          'commit.gpgsign=false',
          ...parameters,
        ],
        { cwd, encoding: 'utf8' },
      )
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'first')
    writeFileSync(join(cwd, 'notes.md'), `one\ntwo\n${url}\n`)
    git('commit', '--quiet', '-am', 'second')
    const second = git('rev-parse', 'HEAD').trim()
    writeFileSync(join(cwd, 'notes.md'), 'one\n')
    writeFileSync(join(cwd, 'moved.md'), `${url}\n`)
    git('add', '.')
    git('commit', '--quiet', '-m', 'third')
    rmSync(join(cwd, 'moved.md'))
    const now = await run(['audit', '--json'], { cwd })
    assert.equal(now.exitCode, 0)
    const { exitCode, stdout } = await run(['audit', '--history', '--json'], { cwd })
    assert.equal(exitCode, 1)
    const found = findings(stdout)
    assert.deepEqual([found[0]?.path, found[0]?.line, found[0]?.commit], ['notes.md', 3, second])
    assert.deepEqual(
      found.map(({ path }) => path),
      ['notes.md', 'moved.md'],
    )
    const none = await run(['audit', '--history'], { cwd: folderOf({ 'a.md': 'x' }) })
    assert.equal(none.exitCode, 3)
    assert.match(none.stderr, /git cannot read the history/)
    rmSync(cwd, { recursive: true })
  })
})
