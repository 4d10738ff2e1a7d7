/**
 * What Azure alone has: identities, shared access signatures, blocks without uploads, markers that nobody else can make. Over Azurite, which
 * Microsoft's own client looks at too.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob'
import type { ContainerClient } from '@azure/storage-blob'
import {
  ACCOUNT,
  ACCOUNT_KEY,
  CONTAINER,
  azureOptions,
  credentialsOf,
  newAzureUrl,
  openAzureStoreAt,
  ownerOf,
} from '../../packages/server/test/stores/azure/azure-fixture.ts'
import {
  inChunks,
  readAll,
  rejectsWith,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import { NO_HEADERS } from '../../packages/server/test/suites/object-store-suite.ts'
import { createAzureCalls } from '../../packages/server/src/stores/azure/azure-calls.ts'
import { entraCredentials } from '../../packages/server/src/stores/azure/azure-credentials.ts'
import type { AzureCredentials } from '../../packages/server/src/stores/azure/azure-credentials.ts'
import { copyObject } from '../../packages/server/src/stores/azure/copy-object.ts'
import { createLinkSigner } from '../../packages/server/src/stores/azure/sign-link.ts'
import type { ObjectStore } from '../../packages/server/src/stores/object-store.ts'
import { hasOpenssl, makeBearerToken, startAzurite } from '../lib/azurite.ts'
import type { Azurite } from '../lib/azurite.ts'

const { signal } = new AbortController()
const ALL = { range: null, etag: null, signal }
const FREELY = { size: null, headers: NO_HEADERS, condition: null, signal }
const AS_IT_IS = { headers: null, etag: null, condition: null, signal }

const ENTRA: AzureCredentials = { kind: 'entra', token: () => Promise.resolve(makeBearerToken()) }

describe('ways of Azure', { skip: !hasOpenssl() && 'no openssl on this machine' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-azurite-'))
  let azurite: Azurite
  let container: ContainerClient

  before(async () => {
    azurite = await startAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
    const certificate = readFileSync(azurite.certificate, 'utf8')
    setDefaultCACertificates([...getCACertificates('default'), certificate])
    container = ownerOf(azurite.endpoint).getContainerClient(CONTAINER)
    await container.create()
  })
  after(async () => {
    await azurite.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function signature(): AzureCredentials {
    const token = generateBlobSASQueryParameters(
      {
        containerName: CONTAINER,
        permissions: ContainerSASPermissions.parse('racwdl'),
        expiresOn: new Date(Date.now() + 600_000),
      },
      new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY),
    )
    return credentialsOf(token.toString())
  }

  async function put(store: ObjectStore, key: string, text: string): Promise<string> {
    const { etag } = await store.write(key, inChunks(Buffer.from(text), 7), FREELY)
    return etag
  }

  async function get(store: ObjectStore, key: string): Promise<string> {
    const opened = await store.open(key, ALL)
    assert.ok(opened !== null, `there is no ${key}`)
    return String(await readAll(opened.reader))
  }

  const ways = [
    { way: 'an identity of Microsoft Entra', credentials: () => ENTRA, signs: true },
    { way: 'a shared access signature', credentials: signature, signs: false },
    { way: 'the key of the account', credentials: () => credentialsOf(), signs: true },
  ]
  for (const { way, credentials, signs } of ways) {
    test(`${way} writes, reads, lists, copies, signs what it can, and deletes`, async () => {
      const store = openAzureStoreAt(newAzureUrl(azurite.endpoint), credentials())
      await put(store, 'grüße/1 + 2', 'one')
      await put(store, 'b', 'two')
      assert.equal(await get(store, 'grüße/1 + 2'), 'one')
      await store.copy('grüße/1 + 2', 'copied', { ...AS_IT_IS, condition: { kind: 'absent' } })
      assert.equal(await get(store, 'copied'), 'one')
      await store.delete('b')
      const page = await store.list({ prefix: '', delimiter: null, after: '', limit: 10 })
      assert.deepEqual(
        page.objects.map(({ key }) => key),
        ['copied', 'grüße/1 + 2'],
      )
      assert.equal(store.sign !== null, signs)
      const url = await store.sign?.('copied', { expiresInSeconds: 60 })
      if (url !== undefined) assert.equal(await (await fetch(url)).text(), 'one')
      assert.equal(store.signWrite, null)
      await store.close()
    })
  }

  test('what this machine is allowed is found by Microsoft’s own library', async (t) => {
    let asked = 0
    const identity = createServer((_request, response) => {
      asked += 1
      const access_token = makeBearerToken()
      const expires_on = `${Math.floor(Date.now() / 1000) + 600}`
      const body = { access_token, expires_on, token_type: 'Bearer' }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...body, resource: 'https://storage.azure.com' }))
    })
    identity.listen(0, '127.0.0.1')
    await once(identity, 'listening')
    const { port } = identity.address() as AddressInfo
    process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${port}/token`
    process.env['IDENTITY_HEADER'] = 'of this test'
    t.after(() => {
      delete process.env['IDENTITY_ENDPOINT']
      delete process.env['IDENTITY_HEADER']
      identity.closeAllConnections()
      identity.close()
    })
    const store = openAzureStoreAt(newAzureUrl(azurite.endpoint), entraCredentials())
    await put(store, 'key', 'text')
    assert.equal(await get(store, 'key'), 'text')
    assert.equal(asked, 1)
    await store.close()
  })

  test('what cannot be signed or found is said, and no secret with it', async () => {
    const wrong = Buffer.from('the key of somebody else, of nobody here').toString('base64')
    const stranger = openAzureStoreAt(newAzureUrl(azurite.endpoint), credentialsOf(wrong))
    await rejectsWith('refused', stranger.stat('key'))
    await assert.rejects(stranger.stat('key'), /refuses the credentials or what they may do/)
    await stranger.close()
    const url = newAzureUrl(azurite.endpoint).replace(`/${CONTAINER}/`, '/not-there/')
    const nowhere = openAzureStoreAt(url)
    const calls = [
      () => nowhere.stat('key'),
      () => nowhere.open('key', ALL),
      () => nowhere.delete('key'),
    ]
    for (const call of calls) await assert.rejects(call, /there is no such container/)
    await nowhere.close()
  })

  test('what is copied in many blocks is whole, with its headers or with others', async () => {
    const options = azureOptions(newAzureUrl(azurite.endpoint))
    const calls = createAzureCalls(options)
    const { prefix } = calls.location
    const bytes = sampleBytes(300_000)
    const blob = container.getBlockBlobClient(`${prefix}from`)
    const blobHTTPHeaders = { blobContentType: 'text/csv' }
    await blob.uploadData(bytes, { blobHTTPHeaders, metadata: { colour: 'blue' } })
    const copying = { from: 'from', to: 'to', blockBytes: 128 * 1024 }
    const signer = createLinkSigner(calls)
    const copied = await copyObject(calls, signer, copying, AS_IT_IS)
    assert.equal(copied?.size, bytes.length)
    const made = container.getBlockBlobClient(`${prefix}to`)
    const said = await made.getProperties()
    assert.equal(said.contentType, 'text/csv')
    assert.deepEqual(said.metadata, { colour: 'blue' })
    assert.ok((await made.downloadToBuffer()).equals(bytes))
    assert.equal((await made.getBlockList('committed')).committedBlocks?.length, 3)
    const again = { ...AS_IT_IS, condition: { kind: 'absent' } } as const
    await rejectsWith('conflict', copyObject(calls, signer, copying, again))
    await calls.close()
  })

  test('names of metadata that Azure has not come back as they were', async () => {
    const store = openAzureStoreAt(newAzureUrl(azurite.endpoint))
    const metadata = { 'two-words': 'a', '1st': 'b', a_b: 'c', x_x002d_: 'd', 'a.b': 'grüße' }
    await store.write('key', inChunks(Buffer.from('x'), 1), {
      ...FREELY,
      headers: { ...NO_HEADERS, metadata },
    })
    assert.deepEqual((await store.stat('key'))?.metadata, metadata)
    await store.close()
  })

  test('a list goes on behind a key that is gone, and behind one among a thousand', async () => {
    const store = openAzureStoreAt(newAzureUrl(azurite.endpoint))
    for (const key of ['a', 'b', 'c', 'd/1', 'd/2', 'e']) await put(store, key, key)
    const behind = async (after: string, delimiter: string | null): Promise<string[]> => {
      const page = await store.list({ prefix: '', delimiter, after, limit: 2 })
      return [...page.objects.map(({ key }) => key), ...page.prefixes]
    }
    assert.deepEqual(await behind('b', null), ['c', 'd/1'])
    await store.delete('b')
    assert.deepEqual(await behind('b', null), ['c', 'd/1'])
    assert.deepEqual(await behind('c', '/'), ['e', 'd/'])
    assert.deepEqual(await behind('d/', '/'), ['e'])
    assert.deepEqual(await behind('d/1', null), ['d/2', 'e'])
    await store.close()
  })

  test('of two uploads of one object the first that ends takes the blocks of the other', async () => {
    const store = openAzureStoreAt(newAzureUrl(azurite.endpoint))
    const { uploads } = store
    const begin = async (text: string) => {
      const upload = { key: 'key', uploadId: await uploads.create('key', NO_HEADERS) }
      const bytes = Buffer.from(text)
      const part = { number: 1, size: bytes.length, signal }
      const sent = await uploads.writePart(upload, part, inChunks(bytes, 7))
      assert.ok(sent !== null)
      return { upload, sent }
    }
    const first = await begin('first')
    const second = await begin('second')
    assert.equal((await uploads.listParts('key', first.upload.uploadId))?.length, 1)
    const made = await uploads.complete(first.upload, [first.sent], { kind: 'absent' })
    assert.equal(await uploads.complete(second.upload, [second.sent], null), null)
    const again = await uploads.complete(first.upload, [first.sent], null)
    assert.equal(again?.etag, made?.etag)
    assert.equal(await get(store, 'key'), 'first')
    await store.close()
  })
})
