/** files-sdk with its S3 adapter. */
import { openAsBlob } from 'node:fs'
import { Files } from 'files-sdk'
import { s3 } from 'files-sdk/s3'
import { check, checkNasty, checkSizes, failureOf, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region, endpoint } = plan
const open = (bucket) =>
  new Files({
    adapter: s3({ bucket, region, endpoint, credentials: { accessKeyId, secretAccessKey } }),
  })
const [work, sizes, nasty] = ['work', 'sizes', 'nasty'].map(open)

await checkSizes(async ({ name, path, bytes }) => {
  await sizes.upload(name, await openAsBlob(path), { multipart: bytes > 0 })
  return (await sizes.download(name)).stream()
})

await check('range', async () =>
  (await work.download('pages/00', { range: { start: 5, end: 14 } })).text(),
)

await check('metadata', async () => {
  const metadata = { colour: 'blue', shade: 'dark green' }
  await work.upload('said', 'x', { contentType: 'text/x-test; charset=utf-8', metadata })
  const head = await work.head('said')
  return { contentType: head.type, metadata: head.metadata }
})

await checkNasty(async (key, content) => {
  await nasty.upload(key, content)
  return (await nasty.download(key)).text()
})

await check('nasty list', async () => {
  const keys = []
  for await (const { key } of nasty.listAll()) keys.push(key)
  return keys
})

await check('missing key', () =>
  failureOf(
    () => work.download('not there'),
    (error) => (error.code === 'NotFound' ? 'NoSuchKey' : error.code),
  ),
)

await check('copy', () => work.copy('pages/00', 'copied é.txt'))
await check('delete one', () => work.delete('pages/24'))
await check('delete many', async () => {
  const { errors = [] } = await work.delete(plan.doomed)
  if (errors.length > 0) throw errors[0].error
})
await check('presigned get', () => work.url('pages/01'))
await check(
  'presigned put',
  async () => (await work.signedUploadUrl('door é+.txt', { expiresIn: 60 })).url,
)
await check('post form', () =>
  work.signedUploadUrl('posted é.txt', { expiresIn: 60, maxSize: 100 }),
)
