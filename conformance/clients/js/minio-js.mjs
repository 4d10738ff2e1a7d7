/** minio, every option at its default. */
import { Client, CopyDestinationOptions, CopySourceOptions } from 'minio'
import { text } from 'node:stream/consumers'
import { check, checkNasty, checkSizes, failureOf, patternBytes, plan } from './report.mjs'

const client = new Client({
  endPoint: plan.host,
  port: plan.port,
  useSSL: false,
  accessKey: plan.accessKeyId,
  secretKey: plan.secretAccessKey,
})

async function collect(stream) {
  const items = []
  for await (const item of stream) items.push(item)
  return items
}

await check('buckets', async () => {
  await client.makeBucket('made-here')
  if (!(await client.bucketExists('made-here'))) throw new Error('the bucket is not there')
  const buckets = await client.listBuckets()
  await client.removeBucket('made-here')
  return buckets.map(({ name }) => name)
})

await checkSizes(async ({ name, path }) => {
  await client.fPutObject('sizes', name, path)
  return client.getObject('sizes', name)
})

await check('range', async () => text(await client.getPartialObject('work', 'pages/00', 5, 10)))

await check('metadata', async () => {
  await client.putObject('work', 'said', 'x', 1, {
    'Content-Type': 'text/x-test; charset=utf-8',
    colour: 'blue',
    shade: 'dark green',
  })
  const { metaData } = await client.statObject('work', 'said')
  const { colour, shade } = metaData
  return { contentType: metaData['content-type'], metadata: { colour, shade } }
})

await checkNasty(async (key, content) => {
  await client.putObject('nasty', key, content)
  return text(await client.getObject('nasty', key))
})

await check('nasty list', async () => {
  const objects = await collect(client.listObjectsV2('nasty', '', true))
  return objects.map(({ name }) => name)
})

await check('pages', async () => {
  const items = await collect(client.listObjects('work', 'pages/', false))
  return {
    keys: items.flatMap(({ name }) => name ?? []),
    prefixes: items.flatMap(({ prefix }) => prefix ?? []),
  }
})

await check('missing key', () =>
  failureOf(
    () => client.getObject('work', 'not there'),
    (error) => error.code,
  ),
)

await check('copy', () =>
  client.copyObject(
    new CopySourceOptions({ Bucket: 'work', Object: 'pages/00' }),
    new CopyDestinationOptions({ Bucket: 'work', Object: 'copied é.txt' }),
  ),
)

await check('delete one', () => client.removeObject('work', 'pages/24'))
await check('delete many', () => client.removeObjects('work', plan.doomed))

await check('multipart', async () => {
  const whole = patternBytes(5 * 1024 * 1024 + 1)
  const uploadId = await client.initiateNewMultipartUpload('work', 'in parts', {})
  const parts = []
  for (const [index, payload] of [whole.subarray(0, -1), whole.subarray(-1)].entries()) {
    const request = { bucketName: 'work', objectName: 'in parts', uploadID: uploadId }
    const headers = { 'content-length': payload.length }
    const { etag } = await client.uploadPart(
      { ...request, partNumber: index + 1, headers },
      payload,
    )
    parts.push({ part: index + 1, etag })
  }
  const { etag } = await client.completeMultipartUpload('work', 'in parts', uploadId, parts)
  return { parts: [5 * 1024 * 1024, 1], etagEnd: `${etag.slice(-2)}"` }
})

await check('abort', async () => {
  const uploads = async () =>
    (await collect(client.listIncompleteUploads('work', '', true))).map(({ key }) => key)
  await client.initiateNewMultipartUpload('work', 'aborted', {})
  const before = await uploads()
  await client.removeIncompleteUpload('work', 'aborted')
  return { before, after: await uploads() }
})

await check('tagging', async () => {
  await client.setObjectTagging('work', 'pages/02', { project: 'one + two', 'a+b': '' })
  const tags = await client.getObjectTagging('work', 'pages/02')
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
})

await check('versions', async () => {
  await client.setBucketVersioning('versioned', { Status: 'Enabled' })
  const { versionId } = await client.putObject('versioned', 'twice', 'first')
  await client.putObject('versioned', 'twice', 'second')
  await client.removeObject('versioned', 'twice')
  const all = await collect(client.listObjects('versioned', '', true, { IncludeVersion: true }))
  const markers = all.filter(({ isDeleteMarker }) => isDeleteMarker).length
  const old = await text(await client.getObject('versioned', 'twice', { versionId }))
  return { versions: all.length - markers, markers, old }
})

await check('presigned get', () => client.presignedGetObject('work', 'pages/01', 60))
await check('presigned put', () => client.presignedPutObject('work', 'door é+.txt', 60))
await check('post form', async () => {
  const policy = client.newPostPolicy()
  policy.setBucket('work')
  policy.setKey('posted é.txt')
  policy.setExpires(new Date(Date.now() + 60_000))
  policy.setContentLengthRange(1, 100)
  const { postURL, formData } = await client.presignedPostPolicy(policy)
  return { url: postURL, fields: formData }
})
