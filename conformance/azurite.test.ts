/**
 * Shared access signatures of all three kinds against a running Azurite, through plain fetch and through Microsoft's
 * own client.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  BlobClient,
  BlobSASPermissions,
  BlobServiceClient,
  BlockBlobClient,
  ContainerClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import type { UserDelegationKey } from '@azure/storage-blob'
import {
  createAzurePrefix,
  presignAzureAccount,
  presignAzureBlob,
  presignAzureUserDelegation,
  verifyAzure,
} from '@hallpass/signing/azure'
import type { AzureKeyId, VerifyAzureOptions } from '@hallpass/signing/azure'
import type { RawRequest } from '@hallpass/signing'
import { hasOpenssl, makeBearerToken, startAzurite } from './lib/azurite.ts'
import type { Azurite } from './lib/azurite.ts'

const ACCOUNT = 'hallpasstest'
const ACCOUNT_KEY = Buffer.from(
  'an account key that Azurite is told at its start, for this test.',
).toString('base64')
const NAME = 'docs/é 1 + ü%20.txt'
const BODY = 'the bytes of a private file'
const BASE = {
  account: ACCOUNT,
  accountKey: ACCOUNT_KEY,
  container: 'files',
  expiresInSeconds: 300,
}

describe(
  'shared access signatures and Azurite',
  { skip: !hasOpenssl() && 'no openssl on this machine' },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-azurite-'))
    let azurite: Azurite | null = null
    let endpoint = ''

    before(async () => {
      azurite = await startAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
      const certificate = readFileSync(azurite.certificate, 'utf8')
      setDefaultCACertificates([...getCACertificates('default'), certificate])
      endpoint = azurite.endpoint
      const container = owner(endpoint).getContainerClient('files')
      await container.create()
      await container.getBlockBlobClient(NAME).upload(BODY, BODY.length)
    })
    after(async () => {
      await azurite?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test('a service SAS reads one blob, by fetch and by the client, with its own response headers', async () => {
      const { url } = presignAzureBlob({
        ...BASE,
        endpoint,
        blob: NAME,
        permissions: 'r',
        responseHeaders: {
          contentDisposition: 'attachment; filename="a b.txt"',
          contentType: 'text/x-own',
        },
      })
      const response = await fetch(url)
      assert.equal(response.status, 200)
      assert.equal(await response.text(), BODY)
      assert.equal(response.headers.get('content-disposition'), 'attachment; filename="a b.txt"')
      assert.equal(response.headers.get('content-type'), 'text/x-own')
      const downloaded = await new BlobClient(url).downloadToBuffer()
      assert.equal(downloaded.toString(), BODY)
    })

    test('what a service SAS does not allow is refused', async () => {
      const options = { ...BASE, endpoint, blob: NAME, permissions: 'r' }
      const { url } = presignAzureBlob(options)
      const write = await fetch(url, {
        method: 'PUT',
        body: 'x',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
      })
      assert.equal(write.status, 403)
      assert.equal((await fetch(url.replace(/sig=./, 'sig=0'))).status, 403)
      assert.equal((await fetch(url.replace('sp=r', 'sp=rw'))).status, 403)
      const past = new Date(Date.now() - 60_000)
      assert.equal(
        (
          await fetch(
            presignAzureBlob({
              ...BASE,
              endpoint,
              blob: NAME,
              permissions: 'r',
              expiresInSeconds: 30,
              now: past,
            }).url,
          )
        ).status,
        403,
      )
      const later = presignAzureBlob({ ...options, startsAt: new Date(Date.now() + 100_000) })
      assert.equal((await fetch(later.url)).status, 403)
      const other = presignAzureBlob({
        ...options,
        accountKey: Buffer.from('another key of some length').toString('base64'),
      })
      assert.equal((await fetch(other.url)).status, 403)
    })

    test('a service SAS writes a blob, by fetch and by the client', async () => {
      const put = presignAzureBlob({
        ...BASE,
        endpoint,
        blob: 'new/a.txt',
        permissions: 'cw',
        method: 'PUT',
      })
      const response = await fetch(put.url, {
        method: put.method,
        body: BODY,
        headers: { 'x-ms-blob-type': 'BlockBlob' },
      })
      assert.equal(response.status, 201)
      await new BlockBlobClient(put.url).upload('again', 5)
      const got = await fetch(
        presignAzureBlob({ ...BASE, endpoint, blob: 'new/a.txt', permissions: 'r' }).url,
      )
      assert.equal(await got.text(), 'again')
    })

    test('one container SAS opens a listing and every file in it', async () => {
      const prefix = createAzurePrefix({ ...BASE, endpoint, directory: null, permissions: 'rl' })
      const listUrl = presignAzureBlob({ ...BASE, endpoint, blob: null, permissions: 'rl' }).url
      const names: string[] = []
      for await (const { name } of new ContainerClient(listUrl).listBlobsFlat()) names.push(name)
      assert.ok(names.includes(NAME))
      for (const { url } of prefix.signAll(names)) assert.equal((await fetch(url)).status, 200)
    })

    test('a stored access policy gives what the token leaves open', async () => {
      const container = owner(endpoint).getContainerClient('files')
      await container.setAccessPolicy(undefined, [
        {
          id: 'readers',
          accessPolicy: {
            permissions: 'r',
            startsOn: new Date(Date.now() - 60_000),
            expiresOn: new Date(Date.now() + 600_000),
          },
        },
      ])
      const { account, accountKey } = BASE
      const { url } = presignAzureBlob({
        account,
        accountKey,
        container: 'files',
        endpoint,
        blob: NAME,
        storedPolicy: 'readers',
      })
      assert.equal((await fetch(url)).status, 200)
      await container.setAccessPolicy(undefined, [])
      assert.equal((await fetch(url)).status, 403)
    })

    test('a snapshot SAS reads that snapshot', async () => {
      const blob = owner(endpoint).getContainerClient('files').getBlockBlobClient('snap.txt')
      await blob.upload('before', 6)
      const { snapshot = '' } = await blob.createSnapshot()
      await blob.upload('after!', 6)
      const { url } = presignAzureBlob({
        ...BASE,
        endpoint,
        blob: 'snap.txt',
        snapshot,
        permissions: 'r',
      })
      const response = await fetch(url)
      assert.equal(response.status, 200)
      assert.equal(await response.text(), 'before')
    })

    test('an account SAS lists containers and reads blobs', async () => {
      const { account, accountKey } = BASE
      const options = {
        account,
        accountKey,
        endpoint,
        expiresInSeconds: 300,
        permissions: 'rl',
        resourceTypes: 'sco',
      }
      const service = new BlobServiceClient(presignAzureAccount(options).url)
      const names: string[] = []
      for await (const { name } of service.listContainers()) names.push(name)
      assert.deepEqual(names, ['files'])
      const { url } = presignAzureAccount({ ...options, container: 'files', blob: NAME })
      assert.equal(await (await fetch(url)).text(), BODY)
      const objects = presignAzureAccount({
        ...options,
        resourceTypes: 'c',
        container: 'files',
        blob: NAME,
      })
      assert.equal((await fetch(objects.url)).status, 403)
    })

    test('a user delegation SAS reads and writes, by fetch and by the client', async () => {
      const delegationKey = await requestDelegationKey(endpoint)
      const { account } = BASE
      const options = {
        account,
        container: 'files',
        expiresInSeconds: 300,
        endpoint,
        delegationKey,
      }
      const read = presignAzureUserDelegation({ ...options, blob: NAME, permissions: 'r' })
      const response = await fetch(read.url)
      assert.equal(response.status, 200)
      assert.equal(await response.text(), BODY)
      assert.equal((await new BlobClient(read.url).downloadToBuffer()).toString(), BODY)
      for (const version of ['2018-11-09', '2020-02-10', '2020-12-06', '2025-07-05']) {
        const older = presignAzureUserDelegation({
          ...options,
          blob: NAME,
          permissions: 'r',
          version,
        })
        assert.equal((await fetch(older.url)).status, 200, version)
      }
      const put = presignAzureUserDelegation({
        ...options,
        blob: 'by-delegation.txt',
        permissions: 'cw',
      })
      await new BlockBlobClient(put.url).upload(BODY, BODY.length)
      assert.equal((await fetch(read.url.replace(/sig=./, 'sig=0'))).status, 403)
      const wrong = { ...delegationKey, value: ACCOUNT_KEY }
      const forged = presignAzureUserDelegation({
        ...options,
        delegationKey: wrong,
        blob: NAME,
        permissions: 'r',
      })
      assert.equal((await fetch(forged.url)).status, 403)
    })

    test('what the client of Microsoft signs, the verifier takes', async () => {
      const delegationKey = await requestDelegationKey(endpoint)
      const blob = owner(endpoint).getContainerClient('files').getBlobClient(NAME)
      const options = {
        expiresOn: new Date(Date.now() + 300_000),
        permissions: BlobSASPermissions.parse('r'),
      }
      const url = await blob.generateSasUrl(options)
      assert.equal((await fetch(url)).status, 200)
      const rules: VerifyAzureOptions = {
        account: ACCOUNT,
        addressing: 'path',
        lookup: (id: AzureKeyId) => [id.kind === 'account' ? ACCOUNT_KEY : delegationKey.value],
      }
      assert.equal(verifyAzure(toRequest(url), rules).blob, NAME)
      const delegated = await blob.generateUserDelegationSasUrl(options, delegationKey)
      assert.equal((await fetch(delegated)).status, 200)
      assert.equal(verifyAzure(toRequest(delegated), rules).kind, 'user-delegation')
    })
  },
)

function owner(endpoint: string): BlobServiceClient {
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY))
}

function requestDelegationKey(endpoint: string): Promise<UserDelegationKey> {
  const now = Date.now()
  const token = makeBearerToken()
  const credential = {
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: now + 600_000 }),
  }
  const service = new BlobServiceClient(endpoint, credential)
  return service.getUserDelegationKey(new Date(now - 60_000), new Date(now + 3_600_000))
}

function toRequest(url: string): RawRequest {
  const { host } = new URL(url)
  return {
    method: 'GET',
    target: url.slice(url.indexOf(host) + host.length),
    headers: ['Host', host],
  }
}
