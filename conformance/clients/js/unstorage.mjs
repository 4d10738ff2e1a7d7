/** unstorage with its S3 driver. Its keys have colons for slashes, so it is asked for no nasty ones. */
import { readFileSync } from 'node:fs'
import { createStorage } from 'unstorage'
import s3Driver from 'unstorage/drivers/s3'
import { check, checkSizes, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region, endpoint } = plan
const open = (bucket) =>
  createStorage({ driver: s3Driver({ accessKeyId, secretAccessKey, region, endpoint, bucket }) })
const [work, sizes, cleared] = ['work', 'sizes', 'cleared'].map(open)

await checkSizes(async ({ name, path }) => {
  await sizes.setItemRaw(name, readFileSync(path))
  return [Buffer.from(await sizes.getItemRaw(name))]
})

await check('keys', async () => {
  await work.setItem('deep:er:key', 'value')
  const keys = await work.getKeys('deep')
  return { keys, value: await work.getItem('deep:er:key'), has: await work.hasItem('deep:none') }
})

await check('delete one', () => work.removeItem('pages:24'))

await check('clear', async () => {
  for (const key of ['a', 'b', 'c']) await cleared.setItem(key, key)
  const before = await cleared.getKeys()
  await cleared.clear()
  return { before, after: await cleared.getKeys() }
})
