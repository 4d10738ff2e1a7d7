import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '../../../src/lib/bytes.ts'
import { observeForm } from '../../../src/inspect/facts/observed-form.ts'
import { parseObservedUrl } from '../../../src/inspect/facts/observed-url.ts'

function formOf(type: string, body: string): ReturnType<typeof observeForm> {
  const url = parseObservedUrl('https://h/')
  return observeForm({
    method: 'POST',
    url,
    headers: [['content-type', type]],
    headersKnown: true,
    body: utf8(body),
    clientIp: null,
  })
}

test('fields of a multipart form come in order, text as UTF-8, files as sizes', () => {
  const part = (head: string, content: string) =>
    `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`
  const body = `${part('name="key"', 'é/a.txt')}${part('name="file"; filename="x"', '12345')}${part('name="late"', 'x')}--b--\r\n`
  assert.deepEqual(formOf('multipart/form-data; boundary=b', body), [
    { name: 'key', value: 'é/a.txt', fileSize: null },
    { name: 'file', value: '', fileSize: 5 },
    { name: 'late', value: 'x', fileSize: null },
  ])
})

test('url-encoded bodies are forms; other bodies are not', () => {
  assert.deepEqual(formOf('application/x-www-form-urlencoded', 'a=1+2&b=%2B'), [
    { name: 'a', value: '1 2', fileSize: null },
    { name: 'b', value: '+', fileSize: null },
  ])
  assert.equal(formOf('application/json', '{}'), null)
  assert.deepEqual(formOf('multipart/form-data; boundary=b', 'nothing'), [])
})
