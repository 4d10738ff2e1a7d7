/** What error trackers and tracing send on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedactSpanProcessor } from '@hallpass/signing/redact-opentelemetry'
import { redactEvent } from '@hallpass/signing/redact-sentry'

const SIGNATURE = 'a5ffc147d2978f0c3fe0a77c8bc1d64423a1f2d3c4b5a697887766554433221100'
const URL_OF_FILE = `https://files.example.com/acme/a.pdf?X-Amz-Expires=60&X-Amz-Signature=${SIGNATURE}`
const KEY = 'hp_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG'

test('an event of an error tracker stays the same JSON, without signatures and keys', () => {
  const event = {
    event_id: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    message: `GET "${URL_OF_FILE}" answered 403\nand again`,
    timestamp: 1_773_446_400.5,
    request: {
      url: 'https://files.example.com/acme/a.pdf',
      query_string: [
        ['X-Amz-Expires', '60'],
        ['X-Amz-Signature', SIGNATURE],
      ],
      headers: { Authorization: `Bearer ${KEY}`, Referer: URL_OF_FILE },
    },
    breadcrumbs: [
      { category: 'fetch', data: { method: 'GET', url: URL_OF_FILE, status_code: 403 } },
    ],
    extra: { signature: SIGNATURE, nothing: null, files: 3 },
  }
  const sent = redactEvent(event)
  assert.ok(sent)
  assert.doesNotMatch(JSON.stringify(sent), new RegExp(`${SIGNATURE}|${KEY}`))
  assert.match(sent.message, /^GET "https:.*X-Amz-Signature=\[redacted\]" answered 403\nand again$/)
  assert.deepEqual(Object.keys(sent), Object.keys(event))
  assert.deepEqual(sent.extra, { signature: '[redacted]', nothing: null, files: 3 })
  assert.equal(sent.breadcrumbs[0]?.data.status_code, 403)
  assert.equal(sent.event_id, event.event_id)
})

test('what the SDK keeps with an event stays as it is, and an event that is no JSON is not sent', () => {
  const sdkProcessingMetadata: { self?: object } = {}
  sdkProcessingMetadata.self = sdkProcessingMetadata
  const sent = redactEvent({ message: URL_OF_FILE, sdkProcessingMetadata })
  assert.equal(sent?.sdkProcessingMetadata, sdkProcessingMetadata)
  assert.doesNotMatch(sent.message, new RegExp(SIGNATURE))
  assert.equal(redactEvent({ message: URL_OF_FILE, extra: sdkProcessingMetadata }), null)
})

test('a span that ends loses its secrets, judged by names as well as by what is in them', () => {
  const span = {
    name: `GET ${URL_OF_FILE}`,
    attributes: {
      'url.full': URL_OF_FILE,
      'http.request.header.x-amz-security-token': [
        'IQoJb3JpZ2luX2VjEJv//////////wEaCXVzLWVhc3QtMSJHMEUCIQ',
      ],
      'http.response.status_code': 403,
      'url.path': '/acme/a.pdf',
    },
    events: [{ name: 'exception', attributes: { 'exception.message': `Bearer ${KEY}` } }],
    status: { code: 2, message: `refused: ${URL_OF_FILE}` },
  }
  createRedactSpanProcessor().onEnd(span)
  const clean = 'https://files.example.com/acme/a.pdf?X-Amz-Expires=60&X-Amz-Signature=[redacted]'
  assert.equal(span.name, `GET ${clean}`)
  assert.deepEqual(span.attributes, {
    'url.full': clean,
    'http.request.header.x-amz-security-token': ['[redacted]'],
    'http.response.status_code': 403,
    'url.path': '/acme/a.pdf',
  })
  assert.doesNotMatch(JSON.stringify(span), new RegExp(`${SIGNATURE}|${KEY}`))
  assert.deepEqual(span.status, { code: 2, message: `refused: ${clean}` })
})
