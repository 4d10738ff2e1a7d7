/** The master key is rotated while the server runs, and while it is killed: every secret opens afterwards, under the newest key alone. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { makeDataDir, spawnHallpass } from './spawn-server.ts'
import type { Spawned } from './spawn-server.ts'

const ADMIN_KEY = 'hp_master-key-rotation-3Jx0Vb7Qm1Zr5Kc9Td'
const KEYS = 80

interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

function serve(
  t: TestContext,
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Spawned {
  const own = { HALLPASS_DATA_DIR: dataDir, HALLPASS_PORT: '0', HALLPASS_ADMIN_KEY: ADMIN_KEY }
  return spawnHallpass(t, ['serve'], { ...own, ...env })
}

function post(url: string, path: string, json?: object): Promise<Response> {
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  return fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, connection: 'close', ...type },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
}

async function makeKey(url: string, path: string, json: object): Promise<KeyPair> {
  const answer = await post(url, path, json)
  assert.equal(answer.status, 201)
  const made = (await answer.json()) as Record<string, string>
  const { id, accessKeyId = id, secretAccessKey, sessionToken } = made
  const token = sessionToken === undefined ? {} : { sessionToken }
  return { accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '', ...token }
}

async function assertReads(url: string, credentials: KeyPair): Promise<void> {
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  })
  const { Body: body } = await client.send(new GetObjectCommand({ Bucket: 'acme', Key: 'a.txt' }))
  assert.equal(await body?.transformToString(), 'x')
  client.destroy()
}

async function store(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }
  const answer = await fetch(`${url}/v1/files?path=acme/a.txt`, {
    method: 'PUT',
    headers,
    body: 'x',
  })
  assert.equal(answer.status, 201)
}

async function kill(server: Spawned): Promise<void> {
  server.child.kill('SIGKILL')
  await server.exited
}

test('a server that is killed while it rotates its master key opens every secret afterwards', async (t) => {
  const dataDir = makeDataDir(t)
  const keyFile = join(dataDir, 'master.key')
  let server = serve(t, dataDir)
  let url = await server.ready()
  const actions = ['read', 'write']
  const keys: KeyPair[] = []
  for (let number = 0; number < KEYS; number += 1) {
    keys.push(await makeKey(url, '/v1/access-keys', { name: `k${number}`, actions }))
  }
  const [first, ...others] = keys
  assert.ok(first !== undefined)
  await store(url)
  const before = readFileSync(keyFile, 'utf8')
  for (const afterMs of [5, 20]) {
    const rotating = post(url, '/v1/master-key/rotate').catch(() => null)
    await sleep(afterMs)
    await kill(server)
    await rotating
    server = serve(t, dataDir)
    url = await server.ready()
    await assertReads(url, first)
  }
  assert.equal((await post(url, '/v1/master-key/rotate')).status, 200)
  await kill(server)
  const [newest = ''] = readFileSync(keyFile, 'utf8').split('\n')
  assert.ok(!before.includes(newest))
  writeFileSync(keyFile, `${newest}\n`)
  server = serve(t, dataDir)
  url = await server.ready()
  for (const key of [first, ...others.filter((_, index) => index % 20 === 0)]) {
    await assertReads(url, key)
  }
})

test('every process opens what was sealed before and after a rotation, and a setting takes the place of the file', async (t) => {
  const dataDir = makeDataDir(t)
  let server = serve(t, dataDir, { HALLPASS_WORKERS: '2' })
  let url = await server.ready()
  const actions = ['read', 'write']
  const key = await makeKey(url, '/v1/access-keys', { name: 'k', actions })
  await store(url)
  const temporary = { actions, expiresIn: 3600 }
  const early = await makeKey(url, '/v1/access-keys/temporary', temporary)
  assert.equal((await post(url, '/v1/master-key/rotate')).status, 200)
  const late = await makeKey(url, '/v1/access-keys/temporary', temporary)
  for (let time = 0; time < 6; time += 1) {
    for (const credentials of [key, early, late]) await assertReads(url, credentials)
  }
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  const keyFile = join(dataDir, 'master.key')
  const list = readFileSync(keyFile, 'utf8').replaceAll(/ \S+Z$/gm, '')
  const printed = join(dataDir, '..', 'printed.txt')
  writeFileSync(printed, list)
  writeFileSync(keyFile, '')
  const command = `"${process.execPath}" -p "fs.readFileSync('${printed}', 'utf8')"`
  for (const setting of [
    { HALLPASS_MASTER_KEY_FILE: printed },
    { HALLPASS_MASTER_KEY_COMMAND: command, HALLPASS_WORKERS: '2' },
  ]) {
    server = serve(t, dataDir, setting)
    url = await server.ready()
    for (let time = 0; time < 4; time += 1) await assertReads(url, early)
    await assertReads(url, key)
    assert.equal((await post(url, '/v1/master-key/rotate')).status, 409)
    server.child.kill('SIGTERM')
    assert.equal(await server.exited, 0)
  }
})
