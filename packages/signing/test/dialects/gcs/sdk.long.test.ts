/**
 * Random inputs, beside the official SDK, whose clock is given by `accessibleAt`: far ahead, for it signs nothing past. The URL is compared as raw path and
 * set of decoded parameters. Deviations, each on purpose:
 *
 * - The SDK takes dot segments in names and lets WHATWG `URL` fold them, so that its own URL is wrong; this library
 *   refuses them.
 * - The SDK joins array headers and takes control characters; here every header has one text.
 * - The SDK leaves the query unsorted on the wire; here it is the canonical one.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Storage } from '@google-cloud/storage'
import * as fc from 'fast-check'
import { presignGcs, verifyGcs } from '../../../src/gcs.ts'
import { decodedPairs, pemOf, propertyRuns, requestOf } from '../cloud-support.ts'

const EMAIL = 'hallpass-test@example-project.iam.gserviceaccount.test'
const PEM = pemOf('hallpass-test-rsa-1')
const storage = new Storage({
  projectId: 'example-project',
  credentials: { client_email: EMAIL, private_key: PEM.private },
})

const ACTIONS = { read: 'GET', write: 'PUT', delete: 'DELETE', resumable: 'POST' } as const

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
  .filter((text) => !/\p{Cc}/u.test(text) && !/(^|[/\\])(\.|%2e){1,2}([/\\]|$)/i.test(text))
const headerValue = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
const inputs = fc.record({
  action: fc.constantFrom(
    'read' as const,
    'write' as const,
    'delete' as const,
    'resumable' as const,
  ),
  object: name,
  start: fc.integer({ min: 2_500_000_000, max: 4_000_000_000 }),
  life: fc.integer({ min: 1, max: 604_800 }),
  headers: fc.dictionary(fc.stringMatching(/^x-goog-meta-[a-z0-9]{1,8}$/), headerValue, {
    maxKeys: 3,
  }),
  query: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((text) => `q${text}`),
    fc.string({ unit: 'grapheme', maxLength: 16 }),
    { maxKeys: 3 },
  ),
  style: fc.constantFrom('path' as const, 'virtual' as const, 'bound' as const),
})

describe('Google Cloud Storage beside @google-cloud/storage', () => {
  test('random inputs give the same URL, and the SDK’s verifies', async () => {
    const bucket = storage.bucket('hallpass-test')
    await fc.assert(
      fc.asyncProperty(inputs, async ({ action, object, start, life, headers, query, style }) => {
        const own = { ...query }
        const [expected] = await bucket.file(object).getSignedUrl({
          version: 'v4',
          action,
          accessibleAt: new Date(start * 1000),
          expires: new Date((start + life) * 1000),
          extensionHeaders: { ...headers },
          queryParams: own,
          virtualHostedStyle: style === 'virtual',
          ...(style === 'bound' ? { cname: 'https://assets.example.test' } : {}),
        })
        const signedHeaders =
          action === 'resumable' ? { ...headers, 'x-goog-resumable': 'start' } : { ...headers }
        const now = new Date(start * 1000)
        const ours = presignGcs({
          key: { clientEmail: EMAIL, privateKey: PEM.private },
          method: ACTIONS[action],
          bucket: 'hallpass-test',
          object,
          expiresInSeconds: life,
          now,
          headers: signedHeaders,
          query: own,
          ...(style === 'bound'
            ? { bucketBoundOrigin: 'https://assets.example.test' }
            : ({ addressing: style === 'virtual' ? 'virtual' : 'path' } as const)),
        })
        assert.equal(ours.url.split('?')[0], expected.split('?')[0])
        assert.deepEqual(decodedPairs(ours.url), decodedPairs(expected))
        const request = requestOf(expected, {
          method: ACTIONS[action],
          extraHeaders: Object.entries(signedHeaders).flat(),
        })
        const grant = verifyGcs(request, { lookup: () => ({ publicKey: PEM.public }), now })
        assert.equal(grant.path.endsWith(object), true)
      }),
      { numRuns: propertyRuns },
    )
  })
})
