/** A store that shows nothing and always has more: whoever lists it is told so, and does not wait. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { ObjectStore } from '../../../src/stores/object-store.ts'
import { awsCommand } from '../../../src/stores/s3/look/aws-command.ts'
import { parseS3Location } from '../../../src/stores/s3/s3-location.ts'
import { createPageTurner } from '../../../src/stores/send/turn-pages.ts'
import { openAzureStoreAt } from '../azure/azure-fixture.ts'
import { openGcsStoreAt } from '../gcs/gcs-fixture.ts'
import { openS3StoreAt } from '../s3/s3-fixture.ts'

const EMPTY = {
  s3: '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>on</NextContinuationToken></ListBucketResult>',
  azure: '<EnumerationResults><Blobs></Blobs><NextMarker>on</NextMarker></EnumerationResults>',
  gs: '{"kind":"storage#objects","nextPageToken":"on"}',
}

let answer = ''
const hostile = createServer((_request, response) => response.end(answer))
await new Promise<void>((resolve) => {
  hostile.listen(0, '127.0.0.1', resolve)
})
after(() => hostile.close())
const { port } = hostile.address() as AddressInfo
const origin = `http://127.0.0.1:${port}`

const OPEN: Readonly<Record<keyof typeof EMPTY, () => ObjectStore>> = {
  s3: () =>
    openS3StoreAt(
      { credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } },
      `s3://bucket?endpoint=${origin}`,
    ),
  azure: () => openAzureStoreAt(`azure://hallpassstores/files?endpoint=${origin}`),
  gs: () => openGcsStoreAt(`gs://bucket?endpoint=${origin}`),
}

for (const kind of ['s3', 'azure', 'gs'] as const) {
  test(`a list of ${kind} that stays where it is ends with a fault of the store`, async () => {
    answer = EMPTY[kind]
    const store = OPEN[kind]()
    for (const key of ['', 'a']) {
      const listing = store.list({ prefix: '', delimiter: null, after: key, limit: 10 })
      await assert.rejects(listing, /lists the same page again and again/)
    }
    await store.close()
  })
}

test('a list whose pages are all new and show nothing ends, too', () => {
  const turn = createPageTurner('s3://bucket')
  assert.throws(() => {
    for (let page = 0; page < 1_000_000; page += 1) turn(`${page}`)
  }, /lists pages without an end/)
})

test('a command that is shown is nothing else to a shell, whatever the endpoint says', () => {
  const location = parseS3Location("s3://bucket?endpoint=http://127.0.0.1/$(id);'x'")
  assert.equal(
    awsCommand(location, 'get-bucket-acl'),
    "aws s3api get-bucket-acl --bucket bucket --region us-east-1 --endpoint-url 'http://127.0.0.1/$(id);'\\''x'\\'''",
  )
  assert.throws(() => parseS3Location('s3://bucket?endpoint=http://127.0.0.1/%0Aid'), /endpoint/)
})
