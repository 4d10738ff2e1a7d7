/**
 * Random inputs, beside the official SDKs. The URL is compared as raw path and set of decoded parameters.
 * Deviations, each on purpose:
 *
 * - Without `protocol` this library writes `spr=https`, the SDK nothing. Here `null` asks for the SDK's choice.
 * - The SDK takes control characters, lone surrogates and dot segments in names; this library refuses them, because
 *   no client sends them unchanged. It refuses slashes at the ends of a directory, which the SDK signs and does not
 *   count.
 * - Without `version` the SDK signs with the newest version it knows; here the version is always named.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AccountSASPermissions,
  BlobSASPermissions,
  ContainerSASPermissions,
  SASProtocol,
  StorageSharedKeyCredential,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob'
import type { BlobSASSignatureValues, UserDelegationKey } from '@azure/storage-blob'
import {
  DirectorySASPermissions,
  SASProtocol as LakeProtocol,
  StorageSharedKeyCredential as LakeKey,
  generateDataLakeSASQueryParameters,
} from '@azure/storage-file-datalake'
import * as fc from 'fast-check'
import {
  presignAzureAccount,
  presignAzureBlob,
  presignAzureUserDelegation,
  verifyAzure,
} from '../../../src/azure.ts'
import type { AzureTokenOptions, ExpiryOptions } from '../../../src/azure.ts'
import { percentEncodePath } from '../../../src/lib/percent-encode.ts'
import type { PresignedRequest } from '../../../src/types.ts'
import { decodedPairs, propertyRuns, requestOf } from '../cloud-support.ts'

const ACCOUNT = 'hallpasstest'
const KEY = Buffer.from(
  'an account key for these tests, 64 bytes of it or about as much.',
).toString('base64')
const NOW = new Date('2026-03-14T09:30:00Z')
const CREDENTIAL = new StorageSharedKeyCredential(ACCOUNT, KEY)
const VERSIONS = [
  '2020-02-10',
  '2020-12-06',
  '2023-11-03',
  '2025-07-05',
  '2026-04-06',
  '2026-06-06',
]
const DELEGATION_KEY: UserDelegationKey = {
  signedObjectId: '00000000-0000-4000-8000-000000000001',
  signedTenantId: '00000000-0000-4000-8000-000000000002',
  signedStartsOn: new Date('2026-03-14T00:00:00Z'),
  signedExpiresOn: new Date('2026-03-20T23:59:59Z'),
  signedService: 'b',
  signedVersion: '2026-04-06',
  value: KEY,
}

const CONTROL = /\p{Cc}/u
const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .filter((text) => !CONTROL.test(text) && !/[/\\]/.test(text) && !/^(?:\.|%2e){1,2}$/i.test(text))
const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter((value) => !CONTROL.test(value))
const optional = <Value>(from: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(from, { nil: undefined })
const letters = (all: string): fc.Arbitrary<string> =>
  fc.subarray(all.split(''), { minLength: 1 }).map((list) => list.join(''))

const common = fc.record({
  version: fc.constantFrom(...VERSIONS),
  expires: fc.integer({ min: 1773500000, max: 4102444800 }),
  starts: optional(fc.integer({ min: 1, max: 1773480000 })),
  ip: optional(fc.ipV4()),
  ipEnd: optional(fc.ipV4()),
  protocol: fc.constantFrom(undefined, SASProtocol.Https, SASProtocol.HttpsAndHttp),
  scope: optional(text),
})
const overrides = fc.record({
  cacheControl: optional(text),
  contentDisposition: optional(text),
  contentEncoding: optional(text),
  contentLanguage: optional(text),
  contentType: optional(text),
})

/** The letters this version has: `i` came after the oldest one tried here. */
function lettersFor({ version }: Common, wanted: string): string {
  const known = version < '2020-08-04' ? wanted.replace('i', '') : wanted
  return known === '' ? 'r' : known
}

type Common = typeof common extends fc.Arbitrary<infer Value> ? Value : never

function ourCommon(input: Common): AzureTokenOptions & ExpiryOptions {
  const { version, expires, starts, ip, ipEnd, protocol, scope } = input
  const hasScope = scope !== undefined && version >= '2020-12-06'
  return {
    account: ACCOUNT,
    version,
    expiresAt: new Date(expires * 1000),
    protocol: protocol ?? null,
    ...(starts === undefined ? {} : { startsAt: new Date(starts * 1000) }),
    ...(ip === undefined ? {} : { ip: ipEnd === undefined ? ip : `${ip}-${ipEnd}` }),
    ...(hasScope ? { encryptionScope: scope } : {}),
  }
}

function theirCommon(
  input: Common,
): Omit<BlobSASSignatureValues, 'containerName'> & { expiresOn: Date; version: string } {
  const { version, expires, starts, ip, ipEnd, protocol, scope } = input
  const hasScope = scope !== undefined && version >= '2020-12-06'
  return {
    version,
    expiresOn: new Date(expires * 1000),
    ...(protocol === undefined ? {} : { protocol }),
    ...(starts === undefined ? {} : { startsOn: new Date(starts * 1000) }),
    ...(ip === undefined
      ? {}
      : { ipRange: ipEnd === undefined ? { start: ip } : { start: ip, end: ipEnd } }),
    ...(hasScope ? { encryptionScope: scope } : {}),
  }
}

function compare(ours: PresignedRequest, path: string, token: string, input: Common): void {
  const expected = `https://${ACCOUNT}.blob.core.windows.net${path}?${token}`
  assert.equal(ours.url.split('?')[0], expected.split('?')[0])
  assert.deepEqual(decodedPairs(ours.url), decodedPairs(expected))
  // A range that ends before it begins holds nobody, not even its first address.
  if (input.ip !== undefined && input.ipEnd !== undefined) return
  const sp =
    decodedPairs(expected)
      .find((pair) => pair.startsWith('sp='))
      ?.slice(3) ?? ''
  const grant = verifyAzure(
    requestOf(expected, input.ip === undefined ? {} : { clientIp: input.ip }),
    {
      account: ACCOUNT,
      lookup: () => [KEY],
      now: NOW,
      operation: { level: 'o', permissions: sp },
    },
  )
  assert.equal(grant.permissions, sp)
  assert.equal(grant.expiresAt.getTime(), input.expires * 1000)
}

describe('Azure SAS beside @azure/storage-blob and @azure/storage-file-datalake', () => {
  test('blobs and containers, account key and delegation key', () => {
    const inputs = fc.record({
      common,
      overrides,
      blob: optional(name),
      letters: letters('racwdxtmeiy'),
      isDelegated: fc.boolean(),
    })
    fc.assert(
      fc.property(inputs, (input) => {
        const { blob } = input
        const wanted = lettersFor(input.common, input.letters)
        const permissions =
          blob === undefined
            ? ContainerSASPermissions.parse(wanted)
            : BlobSASPermissions.parse(wanted)
        const values: BlobSASSignatureValues = {
          containerName: 'docs',
          ...theirCommon(input.common),
          ...defined(input.overrides),
          permissions,
          ...(blob === undefined ? {} : { blobName: blob }),
        }
        const token = input.isDelegated
          ? generateBlobSASQueryParameters(values, DELEGATION_KEY, ACCOUNT)
          : generateBlobSASQueryParameters(values, CREDENTIAL)
        const options = {
          ...ourCommon(input.common),
          container: 'docs',
          permissions: wanted,
          responseHeaders: defined(input.overrides),
          blob: blob ?? null,
        }
        const ours = input.isDelegated
          ? presignAzureUserDelegation({ ...options, delegationKey: DELEGATION_KEY })
          : presignAzureBlob({ ...options, accountKey: KEY })
        const path = blob === undefined ? '/docs' : `/docs/${percentEncodePath(blob)}`
        compare(ours, path, token.toString(), input.common)
      }),
      { numRuns: propertyRuns },
    )
  })

  test('snapshots, versions, principals, signed headers and query', () => {
    const id = fc.uuid()
    const inputs = fc.record({
      common: common.map((value) => ({ ...value, version: '2026-04-06' })),
      moment: fc.constantFrom('snapshotTime' as const, 'versionId' as const),
      saoid: optional(id),
      scid: optional(id),
      header: optional(text.map((value) => value.trim()).filter((value) => value !== '')),
      query: optional(text),
    })
    const time = '2026-01-01T00:00:00.1234567Z'
    fc.assert(
      fc.property(inputs, (input) => {
        const { saoid, scid, header, query } = input
        const values: BlobSASSignatureValues = {
          containerName: 'docs',
          blobName: 'a/b',
          ...theirCommon(input.common),
          permissions: BlobSASPermissions.parse('r'),
          [input.moment]: time,
          ...defined({ preauthorizedAgentObjectId: saoid, correlationId: scid }),
          ...(header === undefined ? {} : { requestHeaders: { 'x-h': header } }),
          ...(query === undefined ? {} : { requestQueryParameters: { q: query } }),
        }
        const token = generateBlobSASQueryParameters(values, DELEGATION_KEY, ACCOUNT).toString()
        const { url } = presignAzureUserDelegation({
          ...ourCommon(input.common),
          container: 'docs',
          blob: 'a/b',
          permissions: 'r',
          delegationKey: DELEGATION_KEY,
          ...(input.moment === 'snapshotTime' ? { snapshot: time } : { versionId: time }),
          ...defined({ authorizedObjectId: saoid, correlationId: scid }),
          ...(header === undefined ? {} : { requestHeaders: { 'x-h': header } }),
          ...(query === undefined ? {} : { requestQuery: { q: query } }),
        })
        const parameter = input.moment === 'snapshotTime' ? 'snapshot' : 'versionid'
        const more = query === undefined ? '' : `&q=${encodeURIComponent(query)}`
        const expected = `https://h.test/docs/a/b?${parameter}=${encodeURIComponent(time)}${more}&${token}`
        assert.deepEqual(decodedPairs(url), decodedPairs(expected))
        if (input.common.ip !== undefined) return
        const request = requestOf(expected, {
          extraHeaders: header === undefined ? [] : ['X-H', header],
        })
        assert.ok(verifyAzure(request, { account: ACCOUNT, lookup: () => [KEY], now: NOW }))
      }),
      { numRuns: Math.min(propertyRuns, 20_000) },
    )
  })

  test('account tokens', () => {
    const inputs = fc.record({
      common,
      letters: letters('rwdxftlacupiy'),
      services: letters('btqf'),
      types: letters('sco'),
    })
    fc.assert(
      fc.property(inputs, (input) => {
        const wanted = lettersFor(input.common, input.letters)
        const { encryptionScope, ...rest } = theirCommon(input.common)
        const token = generateAccountSASQueryParameters(
          {
            ...rest,
            ...(encryptionScope === undefined ? {} : { encryptionScope }),
            permissions: AccountSASPermissions.parse(wanted),
            services: input.services,
            resourceTypes: input.types,
          },
          CREDENTIAL,
        ).toString()
        const { url } = presignAzureAccount({
          ...ourCommon(input.common),
          accountKey: KEY,
          container: 'docs',
          blob: 'a',
          permissions: wanted,
          services: input.services,
          resourceTypes: input.types,
        })
        assert.deepEqual(decodedPairs(url), decodedPairs(`https://h.test/docs/a?${token}`))
        const isUsable =
          input.services.includes('b') && input.types.includes('o') && input.common.ip === undefined
        if (!isUsable) return
        const operation = { level: 'o' as const, permissions: wanted }
        const options = { account: ACCOUNT, lookup: () => [KEY], now: NOW, operation }
        const verify = () => verifyAzure(requestOf(`https://h.test/docs/a?${token}`), options)
        // To process and update messages is nothing to a blob.
        if (/[^pu]/.test(wanted)) assert.ok(verify())
        else assert.throws(verify, { code: 'permission-missing' })
      }),
      { numRuns: propertyRuns },
    )
  })

  test('directories', () => {
    const inputs = fc.record({
      common,
      directory: name,
      letters: letters('racwdlmeop'),
      isDelegated: fc.boolean(),
    })
    const credential = new LakeKey(ACCOUNT, KEY)
    fc.assert(
      fc.property(inputs, ({ common: shared, directory, letters: wanted, isDelegated }) => {
        const { permissions: _, protocol, ...rest } = theirCommon(shared)
        const values = {
          ...rest,
          ...(protocol === undefined
            ? {}
            : {
                protocol:
                  protocol === SASProtocol.Https ? LakeProtocol.Https : LakeProtocol.HttpsAndHttp,
              }),
          fileSystemName: 'docs',
          pathName: directory,
          isDirectory: true,
          directoryDepth: directory.split('/').length,
          permissions: DirectorySASPermissions.parse(wanted),
        }
        const token = isDelegated
          ? generateDataLakeSASQueryParameters(values, DELEGATION_KEY, ACCOUNT)
          : generateDataLakeSASQueryParameters(values, credential)
        const options = { ...ourCommon(shared), container: 'docs', directory, permissions: wanted }
        const ours = isDelegated
          ? presignAzureUserDelegation({ ...options, delegationKey: DELEGATION_KEY })
          : presignAzureBlob({ ...options, accountKey: KEY })
        compare(ours, `/docs/${percentEncodePath(directory)}`, token.toString(), shared)
      }),
      { numRuns: Math.min(propertyRuns, 20_000) },
    )
  })
})

function defined<Shape extends Readonly<Record<string, string | undefined>>>(
  shape: Shape,
): { [Key in keyof Shape]?: string } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Shape]?: string
  }
}
