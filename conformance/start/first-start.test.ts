import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { redact } from '@hallpass/signing/redact'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'

const SECRET = 'q7Fz2LwB9xTnV4mKp8RsYc3HdJ6gAe1U'

test('the first start makes private keys and prints all that is needed to begin; the next prints no secret', async (t) => {
  const dataDir = makeDataDir(t)
  const env = { HALLPASS_DATA_DIR: dataDir, HALLPASS_PORT: '0' }
  const first = spawnHallpass(t, ['serve'], env)
  const url = await first.ready()
  const adminKey = bannerValue(first.stdout(), 'Admin API key')
  const secret = bannerValue(first.stdout(), 'S3 secret access key')
  assert.equal(bannerValue(first.stdout(), 'Address'), url)
  assert.match(bannerValue(first.stdout(), 'S3 access key id'), /^HP[A-Z2-7]{18}$/)
  assert.match(url, /^http:\/\/localhost:\d+$/)

  const sample = /^ {2}curl '(\S+)'$/m.exec(first.stdout())?.[1] ?? ''
  const fetched = await fetch(sample)
  assert.equal(fetched.status, 200)
  assert.match(await fetched.text(), /^Welcome to Hallpass/)
  assert.equal((await fetch(sample.slice(0, sample.indexOf('?')))).status, 403)

  assert.equal(statSync(dataDir).mode & 0o777, 0o700)
  for (const name of readdirSync(dataDir)) {
    const { mode } = statSync(join(dataDir, name))
    assert.equal(mode & 0o077, 0, `${name} can be read by others`)
  }
  for (const text of [first.stderr(), await (await fetch(`${url}/`)).text()]) {
    assert.ok(!text.includes(adminKey) && !text.includes(secret), 'a secret is shown elsewhere')
  }
  const cleaned = redact(first.stdout())
  for (const shown of [adminKey, secret, new URL(sample).searchParams.get('X-Amz-Signature')]) {
    assert.ok(!cleaned.includes(shown ?? ''), 'redact leaves a secret of the first start')
  }
  first.child.kill('SIGTERM')
  assert.equal(await first.exited, 0)

  const second = spawnHallpass(t, ['serve'], env)
  const again = await second.ready()
  assert.doesNotMatch(second.stdout(), /hps?_|secret|curl/)
  const files = await fetch(`${again}/v1/files?folder=samples/private`, {
    headers: { authorization: adminKey },
  })
  assert.equal(files.status, 200)
  const {
    files: [file],
  } = (await files.json()) as { files: { name: string; id: string }[] }
  assert.equal(file?.name, 'welcome.txt')

  // The article's own call: the bare key, and a signed URL in the answer.
  const answer = await fetch(`${again}/v1/files/${file?.id}`, {
    headers: { Authorization: adminKey },
  })
  const { signedUrl } = (await answer.json()) as { signedUrl: string }
  assert.match(await (await fetch(signedUrl)).text(), /^Welcome/)
})

test('the ready line says where the server listens, and the public address beside it', async (t) => {
  const dataDir = makeDataDir(t)
  const publicUrl = 'https://files.example.test'
  const env = {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_PORT: '0',
    HALLPASS_PUBLIC_URL: publicUrl,
    HALLPASS_TRUSTED_PROXIES: '127.0.0.1/32',
  }
  const server = spawnHallpass(t, ['serve'], env)
  assert.equal(await server.ready(), publicUrl)
  assert.match(
    server.stdout(),
    /^listening on http:\/\/localhost:\d+ \(public address https:\/\/files\.example\.test\)$/m,
  )
})

test('keys given in the settings work and are not printed', async (t) => {
  const env = {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: SECRET,
    HALLPASS_ACCESS_KEY_ID: 'HPSEEDED',
    HALLPASS_SECRET_ACCESS_KEY: SECRET.toLowerCase(),
  }
  const server = spawnHallpass(t, ['serve', '--public-url', 'https://files.example.com'], env)
  assert.equal(await server.ready(), 'https://files.example.com')
  assert.ok(!server.stdout().includes(SECRET) && !server.stderr().includes(SECRET))
  assert.doesNotMatch(server.stdout(), /first start/)
})

test('a server that cannot start says why in one line and exits with 2', async (t) => {
  const dataDir = makeDataDir(t)
  const running = spawnHallpass(t, ['serve'], { HALLPASS_DATA_DIR: dataDir, HALLPASS_PORT: '0' })
  const { port } = new URL(await running.ready())
  const other = makeDataDir(t)
  const refused: [words: string[], env: Record<string, string>, reason: RegExp][] = [
    [['--port', port], {}, new RegExp(`^hallpass: Port ${port} is in use\\.`)],
    [
      ['--host', '192.0.2.1', '--port', '0'],
      {},
      /^hallpass: 192\.0\.2\.1 is not an address of this machine/,
    ],
    [
      ['--data-dir', '/dev/null/x'],
      {},
      /^hallpass: The data directory \/dev\/null\/x cannot be made/,
    ],
    [
      [],
      { HALLPASS_SECRET_ACCESS_KEY: 'minioadmin', HALLPASS_ACCESS_KEY_ID: 'minioadmin' },
      /SECRET_ACCESS_KEY is refused/,
    ],
    [
      [],
      { HALLPASS_DATABASE_URL: 'mysql://u:hunter2@h/d' },
      /^hallpass: HALLPASS_DATABASE_URL has the scheme mysql:/,
    ],
    [[], { HALLPASS_PROT: '1' }, /^hallpass: HALLPASS_PROT is not a setting/],
    [['--nonsense'], {}, /unknown option '--nonsense'/],
    [['--port', port, '--workers', '2'], {}, new RegExp(`^hallpass: Port ${port} is in use\\.`)],
  ]
  for (const [words, env, reason] of refused) {
    const server = spawnHallpass(t, ['serve', ...words], { HALLPASS_DATA_DIR: other, ...env })
    assert.equal(await server.exited, 2, server.stderr())
    assert.match(server.stderr(), reason)
    assert.doesNotMatch(server.stderr(), /hunter2|\n {4}at /)
    assert.doesNotMatch(server.stdout(), /listening/)
  }
})

test('the settings can be printed without their secrets', async (t) => {
  const env = { HALLPASS_ADMIN_KEY: SECRET, HALLPASS_DATA_DIR: makeDataDir(t) }
  const printed = spawnHallpass(t, ['serve', '--print-config', '--port', '1234'], env)
  assert.equal(await printed.exited, 0)
  const config = JSON.parse(printed.stdout()) as Record<string, unknown>
  assert.equal(config['port'], 1234)
  assert.equal(config['adminKey'], '[secret]')
  assert.ok(!printed.stdout().includes(SECRET))
})

test('the demo tells its story with the server’s own answers and exits with 0', async (t) => {
  const demo = spawnHallpass(t, ['demo'])
  assert.equal(await demo.exited, 0, demo.stderr())
  const refusals = demo.stdout().match(/ 4\d\d [A-Za-z]+/g) ?? []
  assert.ok(refusals.length >= 11, demo.stdout())
  for (const code of [
    'SignatureDoesNotMatch',
    'Request has expired',
    'revoked',
    'no uses left',
    'EntityTooLarge',
  ]) {
    assert.ok(demo.stdout().includes(code), code)
  }
  assert.match(demo.stdout(), /getSignedUrl\(GetObjectCommand\), then GET +200/)
  assert.equal(demo.stderr(), '')
})
