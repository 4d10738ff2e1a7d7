/** @better-upload/server: its routes sign, a browser sends. What its client does in a browser is done here with fetch. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { handleRequest, route } from '@better-upload/server'
import { custom } from '@better-upload/server/clients'
import {
  copyObject,
  deleteObjects,
  getObjectBlob,
  listObjectsV2,
} from '@better-upload/server/helpers'
import { check, patternBytes, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region, host, port } = plan
const client = custom({
  host: `${host}:${port}`,
  accessKeyId,
  secretAccessKey,
  region,
  secure: false,
  forcePathStyle: true,
})
const ONE_GIB = 1024 ** 3

function routerFor(bucketName) {
  const onBeforeUpload = () => ({ generateObjectInfo: ({ file }) => ({ key: file.name }) })
  return {
    client,
    bucketName,
    routes: {
      single: route({ maxFileSize: ONE_GIB, onBeforeUpload }),
      parts: route({
        maxFileSize: ONE_GIB,
        multipart: { partSize: 5 * 1024 * 1024 },
        onBeforeUpload,
      }),
    },
  }
}

async function ask(bucket, name, file) {
  const request = new Request('http://app.example/api/upload', {
    method: 'POST',
    body: JSON.stringify({ route: name, files: [file] }),
  })
  const response = await handleRequest(request, routerFor(bucket))
  const answer = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer
}

async function send(url, init) {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response
}

async function upload(bucket, name, type, bytes) {
  const { files } = await ask(bucket, 'single', { name, size: bytes.length, type })
  const [{ signedUrl, headers }] = files
  await send(signedUrl, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': type, ...headers },
  })
}

for (const { name, path } of plan.sizes.filter(({ bytes }) => bytes > 0)) {
  await check(`size ${name}`, async () => {
    await upload('sizes', name, 'application/x-test', readFileSync(path))
    const { blob } = await getObjectBlob(client, { bucket: 'sizes', key: name })
    const bytes = new Uint8Array(await blob.arrayBuffer())
    return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
  })
}

await check('upload in parts', async () => {
  const whole = patternBytes(5 * 1024 * 1024 + 1)
  const file = { name: 'in parts', size: whole.length, type: 'application/x-test' }
  const { multipart } = await ask('work', 'parts', file)
  const [{ parts, completeSignedUrl }] = multipart.files
  const listed = []
  for (const { signedUrl, partNumber, size } of parts) {
    const start = (partNumber - 1) * multipart.partSize
    const body = whole.subarray(start, start + size)
    const { headers } = await send(signedUrl, { method: 'PUT', body })
    const fields = `<ETag>${headers.get('etag')}</ETag><PartNumber>${partNumber}</PartNumber>`
    listed.push(`<Part>${fields}</Part>`)
  }
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`
  await send(completeSignedUrl, { method: 'POST', body })
})

await check('pages', async () => {
  const keys = []
  const prefixes = []
  let continuationToken
  do {
    const page = await listObjectsV2(client, {
      bucket: 'work',
      prefix: 'pages/',
      delimiter: '/',
      maxKeys: 10,
      continuationToken,
    })
    keys.push(...page.contents.map(({ key }) => key))
    prefixes.push(...page.commonPrefixes.map(({ prefix }) => prefix))
    continuationToken = page.nextContinuationToken
  } while (continuationToken !== undefined)
  return { keys, prefixes }
})

await check('copy', () =>
  copyObject(client, {
    source: { bucket: 'work', key: 'pages/00' },
    destination: { bucket: 'work', key: 'copied é.txt' },
  }),
)

// It does not escape what stands between the tags, so it is asked to delete plain names.
await check('delete some', () =>
  deleteObjects(client, {
    bucket: 'work',
    objects: ['pages/20', 'pages/21', 'pages/22', 'pages/23'].map((key) => ({ key })),
  }),
)
