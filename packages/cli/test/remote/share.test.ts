/** `hallpass share` against a real server. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { withServer } from './with-server.ts'

suite('hallpass share', () => {
  const { cwd, hallpass, call } = withServer()
  writeFileSync(join(cwd, 'report.pdf'), 'the report')

  test('uploads, and prints a link that works as often as it was told', async () => {
    const { exitCode, stdout, stderr } = await hallpass([
      'share',
      'report.pdf',
      '--for',
      '2d',
      '--uses',
      '1',
      '--qr',
    ])
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /^http:\S+\n$/)
    assert.match(stderr, /uploaded to shares\/\d{4}-\d\d-\d\d-[0-9a-f]{10}\/report\.pdf/)
    assert.match(stderr, /'hallpass links revoke \S+' ends it/)
    assert.match(stderr, /█▀▀▀▀▀█|▄▄▄▄▄▄▄|█ ▄▄▄▄▄ █/)
    const download = await fetch(stdout.trim())
    assert.equal(await download.text(), 'the report')
    assert.equal((await fetch(stdout.trim())).status, 410)
  })

  test('a file that is on the server is shared where it lies, with what the link is told', async () => {
    await hallpass(['cp', 'report.pdf', 'hp:acme/reports/annual.pdf'])
    const words = [
      'share',
      'hp:acme/reports/annual.pdf',
      '--filename',
      'Annual.pdf',
      '--label',
      'L',
    ]
    const { exitCode, stdout } = await hallpass([...words, '--for', '1h', '--json'])
    assert.equal(exitCode, 0)
    const { id, url } = JSON.parse(stdout) as { id: string; url: string }
    const download = await fetch(url)
    assert.match(download.headers.get('content-disposition') ?? '', /Annual\.pdf/)
    await download.text()
    const link = (await (await call('GET', `/v1/links/${id}`)).json()) as Record<string, unknown>
    assert.deepEqual([link['label'], link['path']], ['L', 'acme/reports/annual.pdf'])
  })

  test('--to says where, and replaces nothing unless told', async () => {
    const words = ['share', 'report.pdf', '--to', 'acme/to/']
    assert.equal((await hallpass(words)).exitCode, 0)
    const again = await hallpass(words)
    assert.deepEqual([again.exitCode, again.stdout], [2, ''])
    assert.match(again.stderr, /there is a file at acme\/to\/report\.pdf already/)
    assert.equal((await hallpass([...words, '--overwrite'])).exitCode, 0)
  })

  test('what the server refuses is said with the option that was typed', async () => {
    const share = ['share', 'hp:acme/reports/annual.pdf']
    for (const [words, expected] of [
      [['--for', '8d'], /--for/],
      [['--ip', 'nowhere'], /--ip/],
      [['--uses', '0'], /--uses/],
    ] as const) {
      const { exitCode, stdout, stderr } = await hallpass([...share, ...words])
      assert.deepEqual([exitCode, stdout], [2, ''])
      assert.match(stderr, expected)
      assert.doesNotMatch(stderr, /expiresIn|maxUses/)
    }
  })
})
