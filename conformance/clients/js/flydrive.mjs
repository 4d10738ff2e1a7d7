/** flydrive with its S3 driver. It allows few characters in names, so it is asked for no nasty keys. */
import { createReadStream } from 'node:fs'
import { Disk } from 'flydrive'
import { S3Driver } from 'flydrive/drivers/s3'
import { check, checkSizes, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region, endpoint } = plan
const open = (bucket) =>
  new Disk(
    new S3Driver({
      credentials: { accessKeyId, secretAccessKey },
      region,
      endpoint,
      bucket,
      visibility: 'private',
    }),
  )
const [work, sizes] = ['work', 'sizes'].map(open)

await checkSizes(async ({ name, path, bytes }) => {
  await sizes.putStream(name, createReadStream(path), { contentLength: bytes })
  return sizes.getStream(name)
})

await check('visibility', async () => {
  await work.put('said', 'x')
  return work.getVisibility('said')
})

await check('visibility kept by copy', async () => {
  await work.copy('pages/00', 'copied.txt')
  return work.get('copied.txt')
})

await check('pages', async () => {
  const keys = []
  const prefixes = []
  let token
  do {
    const page = await work.listAll('pages', { maxResults: 10, paginationToken: token })
    for (const item of page.objects) {
      if (item.isFile) keys.push(item.key)
      else prefixes.push(`${item.prefix.replace(/\/$/, '')}/`)
    }
    token = page.paginationToken
  } while (token !== undefined)
  return { keys, prefixes }
})

await check('delete one', () => work.delete('pages/24'))
await check('delete many', () => work.deleteAll('doomed/'))
await check('presigned get', () => work.getSignedUrl('pages/01'))
