/** aws4fetch: signs, and leaves the rest to whoever calls it. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AwsClient } from 'aws4fetch'
import { check, checkNasty, checkSizes, failureOf, patternBytes, plan } from './report.mjs'

const { accessKeyId, secretAccessKey, region } = plan
const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })

function address(bucket, key, query = '') {
  const path = key === undefined ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`
  return `${plan.endpoint}/${bucket}${path}${query}`
}

async function send(url, init) {
  const response = await client.fetch(url, init)
  if (response.ok) return response
  const text = await response.text()
  const code = /<Code>(.*)<\/Code>/.exec(text)?.[1]
  throw Object.assign(new Error(`${response.status} ${text}`), { code })
}

function valuesOf(xml, element) {
  const found = xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))
  return [...found].map(([, value]) => value)
}

await check('buckets', async () => {
  await send(address('made-here'), { method: 'PUT' })
  const list = await (await send(`${plan.endpoint}/`)).text()
  await send(address('made-here'), { method: 'DELETE' })
  return valuesOf(list, 'Name')
})

await checkSizes(async ({ name, path }) => {
  await send(address('sizes', name), { method: 'PUT', body: readFileSync(path) })
  return (await send(address('sizes', name))).body
})

await check('range', async () =>
  (await send(address('work', 'pages/00'), { headers: { range: 'bytes=5-14' } })).text(),
)

await check('metadata', async () => {
  await send(address('work', 'said'), {
    method: 'PUT',
    body: 'x',
    headers: {
      'content-type': 'text/x-test; charset=utf-8',
      'x-amz-meta-colour': 'blue',
      'x-amz-meta-shade': 'dark green',
    },
  })
  const { headers } = await send(address('work', 'said'), { method: 'HEAD' })
  return {
    contentType: headers.get('content-type'),
    metadata: { colour: headers.get('x-amz-meta-colour'), shade: headers.get('x-amz-meta-shade') },
  }
})

await checkNasty(async (key, content) => {
  await send(address('nasty', key), { method: 'PUT', body: content })
  return (await send(address('nasty', key))).text()
})

await check('nasty list', async () => {
  const list = await send(address('nasty', undefined, '?list-type=2&encoding-type=url'))
  return valuesOf(await list.text(), 'Key').map((key) =>
    decodeURIComponent(key.replaceAll('+', ' ')),
  )
})

await check('pages', async () => {
  const keys = []
  const prefixes = []
  let token = ''
  do {
    const query = `?list-type=2&max-keys=10&prefix=pages%2F&delimiter=%2F${token}`
    const xml = await (await send(address('work', undefined, query))).text()
    keys.push(...valuesOf(xml, 'Key'))
    prefixes.push(...prefixesOf(xml))
    const [next] = valuesOf(xml, 'NextContinuationToken')
    token = next === undefined ? '' : `&continuation-token=${encodeURIComponent(next)}`
  } while (token !== '')
  return { keys, prefixes }
})

function prefixesOf(xml) {
  const found = xml.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)<\/Prefix>/g)
  return [...found].map(([, prefix]) => prefix)
}

await check('missing key', () =>
  failureOf(
    () => send(address('work', 'not there')),
    (error) => error.code,
  ),
)

await check('condition', () =>
  failureOf(
    () =>
      send(address('work', 'pages/01'), {
        method: 'PUT',
        body: 'x',
        headers: { 'if-none-match': '*' },
      }),
    (error) => error.code,
  ),
)

await check('checksum', async () => {
  const digest = createHash('sha256').update('checked').digest('base64')
  const headers = { 'x-amz-checksum-sha256': digest }
  await send(address('work', 'checked'), { method: 'PUT', body: 'checked', headers })
  const head = await send(address('work', 'checked'), {
    method: 'HEAD',
    headers: { 'x-amz-checksum-mode': 'ENABLED' },
  })
  return head.headers.get('x-amz-checksum-sha256')
})

await check('copy', () =>
  send(address('work', 'copied é.txt'), {
    method: 'PUT',
    headers: { 'x-amz-copy-source': 'work/pages/00' },
  }).then(() => null),
)

await check('delete one', () =>
  send(address('work', 'pages/24'), { method: 'DELETE' }).then(() => null),
)

await check('delete many', async () => {
  const escape = (key) => key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const objects = plan.doomed.map((key) => `<Object><Key>${escape(key)}</Key></Object>`)
  const body = `<Delete>${objects.join('')}<Quiet>true</Quiet></Delete>`
  const digest = createHash('md5').update(body).digest('base64')
  const headers = { 'content-md5': digest }
  await send(address('work', undefined, '?delete'), { method: 'POST', body, headers })
})

await check('multipart', async () => {
  const whole = patternBytes(5 * 1024 * 1024 + 1)
  const at = (query) => address('work', 'in parts', query)
  const created = await (await send(at('?uploads'), { method: 'POST' })).text()
  const id = encodeURIComponent(valuesOf(created, 'UploadId')[0])
  const parts = []
  for (const [index, body] of [whole.subarray(0, -1), whole.subarray(-1)].entries()) {
    const number = index + 1
    const url = at(`?partNumber=${number}&uploadId=${id}`)
    const { headers } = await send(url, { method: 'PUT', body })
    const fields = `<PartNumber>${number}</PartNumber><ETag>${headers.get('etag')}</ETag>`
    parts.push(`<Part>${fields}</Part>`)
  }
  const listed = await (await send(at(`?uploadId=${id}`))).text()
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const done = await (await send(at(`?uploadId=${id}`), { method: 'POST', body })).text()
  const etag = valuesOf(done, 'ETag')[0].replaceAll(/&quot;|&#34;/g, '"')
  return { parts: valuesOf(listed, 'Size').map(Number), etagEnd: etag.slice(-3) }
})

await check('presigned get', async () => {
  const url = address('work', 'pages/01', '?X-Amz-Expires=60')
  return (await client.sign(url, { aws: { signQuery: true } })).url
})
await check('presigned put', async () => {
  const url = address('work', 'door é+.txt', '?X-Amz-Expires=60')
  return (await client.sign(url, { method: 'PUT', aws: { signQuery: true } })).url
})
