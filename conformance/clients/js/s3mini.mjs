/** s3mini, every option at its default: one client a bucket. */
import { openAsBlob } from 'node:fs'
import { S3mini } from 's3mini'
import { check, checkNasty, checkSizes, patternBytes, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region, endpoint } = plan
const open = (bucket) =>
  new S3mini({ accessKeyId, secretAccessKey, region, endpoint: `${endpoint}/${bucket}` })
const [work, sizes, nasty] = ['work', 'sizes', 'nasty'].map(open)

await checkSizes(async ({ name, path }) => {
  await sizes.putAnyObject(name, await openAsBlob(path))
  return (await sizes.getObjectResponse(name)).body
})

await check('range', async () => (await work.getObjectRaw('pages/00', false, 5, 15)).text())

await check('metadata', async () => {
  const said = { 'x-amz-meta-colour': 'blue', 'x-amz-meta-shade': 'dark green' }
  await work.putObject('said', 'x', 'text/x-test; charset=utf-8', undefined, said)
  const { headers } = await work.getObjectResponse('said')
  return {
    contentType: headers.get('content-type'),
    metadata: { colour: headers.get('x-amz-meta-colour'), shade: headers.get('x-amz-meta-shade') },
  }
})

await checkNasty(async (key, content) => {
  await nasty.putObject(key, content)
  return nasty.getObject(key)
})

await check('nasty list', async () => (await nasty.listObjects()).map(({ Key }) => Key))

await check('copy', () => work.copyObject('pages/00', 'copied é.txt'))
await check('delete one', () => work.deleteObject('pages/24'))
await check('delete many', () => work.deleteObjects(plan.doomed))

await check('multipart', async () => {
  const whole = patternBytes(5 * 1024 * 1024 + 1)
  const uploadId = await work.getMultipartUploadId('in parts')
  const parts = []
  for (const [index, body] of [whole.subarray(0, -1), whole.subarray(-1)].entries()) {
    parts.push(await work.uploadPart('in parts', uploadId, body, index + 1))
  }
  const done = await work.completeMultipartUpload('in parts', uploadId, parts)
  return { parts: [5 * 1024 * 1024, 1], etagEnd: `${done.etag.slice(-2)}"` }
})

await check('abort', async () => {
  const uploads = async () => {
    const { ListMultipartUploadsResult: listed } = await work.listMultipartUploads()
    return [listed.Upload ?? []].flat().map(({ Key }) => Key)
  }
  const uploadId = await work.getMultipartUploadId('aborted')
  const before = await uploads()
  await work.abortMultipartUpload('aborted', uploadId)
  return { before, after: await uploads() }
})

await check('presigned get', () => work.getPresignedUrl('GET', 'pages/01', 60))
await check('presigned put', () => work.getPresignedUrl('PUT', 'door é+.txt', 60))
