import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readProviderError,
  saysSignatureAccepted,
  saysSignatureMismatch,
} from '../../../src/inspect/rules/provider-error.ts'

const EMPTY = { status: 403, headers: [], body: '' } as const

test('S3’s error is read: code, message, elements, entities, server time', () => {
  const body =
    '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>a &amp; b &lt;c&gt;</Message><ServerTime>2026-03-14T09:26:53Z</ServerTime><CanonicalRequest>GET\n/</CanonicalRequest></Error>'
  const error = readProviderError({ ...EMPTY, body })
  assert.equal(error?.code, 'AccessDenied')
  assert.equal(error?.message, 'a & b <c>')
  assert.equal(error?.elements.get('CanonicalRequest'), 'GET\n/')
  assert.equal(error?.serverTime?.toISOString(), '2026-03-14T09:26:53.000Z')
})

test('JSON errors, header codes and the Date header are read', () => {
  assert.equal(
    readProviderError({ ...EMPTY, body: '{"error":{"code":"Expired","message":"m"}}' })?.code,
    'Expired',
  )
  const error = readProviderError({
    ...EMPTY,
    headers: [
      ['X-Ms-Error-Code', 'AuthenticationFailed'],
      ['Date', 'Sat, 14 Mar 2026 09:26:53 GMT'],
    ],
  })
  assert.equal(error?.code, 'AuthenticationFailed')
  assert.equal(error?.serverTime?.toISOString(), '2026-03-14T09:26:53.000Z')
  assert.equal(readProviderError(null), null)
})

test('mismatch and acceptance are told apart', () => {
  const coded = (code: string, status = 403) =>
    readProviderError({ status, headers: [], body: `<Error><Code>${code}</Code></Error>` })
  assert.equal(saysSignatureMismatch(coded('SignatureDoesNotMatch')), true)
  assert.equal(saysSignatureMismatch(coded('AccessDenied')), false)
  assert.equal(saysSignatureAccepted(coded('NoSuchKey', 404)), true)
  assert.equal(saysSignatureAccepted(readProviderError({ ...EMPTY, status: 206 })), true)
  assert.equal(saysSignatureAccepted(coded('AccessDenied')), false)
})
