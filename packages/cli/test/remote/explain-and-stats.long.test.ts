/** A running server is asked why a request fails, and for its figures. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { withServer } from './with-server.ts'

suite('a running server', () => {
  const world = withServer()

  async function issue(): Promise<{ readonly id: string; readonly url: string }> {
    await fetch(`${world.url()}/v1/files?path=acme/a.txt`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.adminKey()}` },
      body: 'four',
    })
    const answer = await world.call('POST', '/v1/links', { path: 'acme/a.txt' })
    return (await answer.json()) as { id: string; url: string }
  }

  test('says why a request to it fails, as text and as JSON', async () => {
    const { id, url } = await issue()
    await world.call('DELETE', `/v1/links/${id}`)
    const asked = ['explain', url, '--server', world.url(), '--method', 'GET']
    const text = await world.hallpass(asked)
    assert.equal(text.exitCode, 0, text.stderr)
    assert.match(text.stdout, /^A request to this server\.\nDialect: s3\nSignature: valid\n/)
    assert.match(text.stdout, /1\. This link was revoked\. {2}\[link-revoked, 99 %\]/)
    assert.match(text.stdout, /Seen: It was revoked at .* by the key key_/)
    const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? 'none'
    assert.ok(!text.stdout.includes(signature))
    const json = await world.hallpass([...asked, '--json'])
    assert.equal((JSON.parse(json.stdout) as { isHere: boolean }).isHere, true)
    const requests = `${JSON.stringify({ url, method: 'GET' })}\n${JSON.stringify({ url: 'https://x.test/' })}\n`
    const many = await world.hallpass(
      ['explain', '--request', '-', '--server', world.url(), '--json'],
      {
        stdin: requests,
        env: { HALLPASS_API_KEY: world.adminKey() },
      },
    )
    assert.equal(many.stdout.trim().split('\n').length, 2)
    assert.equal(many.exitCode, 1)
  })

  test('is asked without keys and a clock of others, by administrators of the instance', async () => {
    const { url } = await issue()
    const both = await world.hallpass(['explain', url, '--server', world.url(), '--keys', 'k.json'])
    assert.equal(both.exitCode, 2)
    assert.match(both.stderr, /leave out --keys and --now/)
    const made = await world.call('POST', '/v1/api-keys', {
      name: 'n',
      actions: ['share', 'read'],
    })
    const { key } = (await made.json()) as { key: string }
    const env = { HALLPASS_API_KEY: key }
    const narrow = await world.hallpass(['explain', url, '--server', world.url()], { env })
    assert.equal(narrow.exitCode, 2)
    assert.match(narrow.stderr, /does not have the right to admin/)
  })

  test('counts what it holds', async () => {
    await issue()
    const { exitCode, stdout } = await world.hallpass(['stats'])
    assert.equal(exitCode, 0)
    const { stdout: ofBucket } = await world.hallpass(['stats', '--bucket', 'acme'])
    assert.match(ofBucket, /^ {2}files +1, 4 B$/m)
    assert.match(stdout, /^ {2}links +\d+ active, 0 paused, 1 ended$/m)
    assert.match(stdout, /^ {2}catalog +sqlite$/m)
    const json = await world.hallpass(['stats', '--bucket', 'acme', '--json'])
    assert.equal((JSON.parse(json.stdout) as { bucket: string }).bucket, 'acme')
    const none = await world.hallpass(['stats', '--bucket', 'none'])
    assert.equal(none.exitCode, 2)
    assert.match(none.stderr, /There is no bucket none/)
  })
})
