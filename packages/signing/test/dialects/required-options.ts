/** Every function of the public entries that takes options, with options of which it can miss none. */
import { globSync } from 'node:fs'
import type { RawRequest } from '../../src/types.ts'
import { pemOf } from './cloud-support.ts'
import { HMAC_KEY, lookup as gcsLookup, RSA_KEY } from './gcs/test-keys.ts'

type Options = Readonly<Record<string, unknown>>

/** A function, and options of which it needs every member. */
export interface RequiredOptions {
  readonly name: string
  readonly options: Options
  readonly call: (options: unknown) => unknown
}

const url = 'https://media.example.test/v1/account/container/a'
const urlPrefix = 'https://media.example.test/v1/'
const expiresInSeconds = 300
const request: RawRequest = { method: 'GET', target: '/a', headers: ['Host', 'media.example.test'] }
const rsa = pemOf('hallpass-test-rsa-1')
const s3Key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass-fake-key' }
const s3Request = { credentials: s3Key, region: 'eu-west-1', method: 'GET' }
const cosKey = { secretId: 'AKIDFAKE', secretKey: 'hallpass-fake-key' }
const ossKey = { accessKeyId: 'LTAIFAKE', accessKeySecret: 'hallpass-fake-key' }
const accountKey = 'aGFsbHBhc3MgZmFrZSBrZXk='
const cloudKey = 'aGFsbHBhc3MgZmFrZSAxNg=='
const mediaKey = 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE='
const hexKey = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const key = 'hallpass-fake-key'
const expression = '$secure_link_expires$uri hallpass-fake-key'
const lookup = (): null => null
const form = { fields: {}, file: {} }
const moment = new Date('2026-03-14T09:26:53Z')
const delegationKey = {
  signedObjectId: '00000000-0000-0000-0000-000000000001',
  signedTenantId: '00000000-0000-0000-0000-000000000002',
  signedStartsOn: moment,
  signedExpiresOn: new Date('2026-03-15T09:26:53Z'),
  signedService: 'b',
  signedVersion: '2022-11-02',
  value: accountKey,
}

const OPTIONS: Readonly<Record<string, Options>> = {
  createAkamaiSigner: { key: hexKey },
  presignAkamai: { key: hexKey, url, expiresInSeconds },
  createAkamaiToken: { key: hexKey, acl: '/v1/*', expiresInSeconds },
  createAkamaiVerifier: { keys: [hexKey] },
  createAzureSigner: { account: 'account', accountKey },
  createAzureDelegationSigner: { account: 'account', delegationKey },
  createAzurePrefix: {
    account: 'account',
    accountKey,
    container: 'reports',
    directory: '2026',
    permissions: 'r',
    expiresInSeconds,
  },
  presignAzureBlob: {
    account: 'account',
    accountKey,
    container: 'reports',
    blob: 'a',
    permissions: 'r',
    expiresInSeconds,
  },
  presignAzureUserDelegation: {
    account: 'account',
    delegationKey,
    container: 'reports',
    blob: 'a',
    permissions: 'r',
    expiresInSeconds,
  },
  presignAzureAccount: {
    account: 'account',
    accountKey,
    permissions: 'r',
    resourceTypes: 'o',
    expiresInSeconds,
  },
  createAzureVerifier: { account: 'account', lookup },
  createAzureAsyncVerifier: { account: 'account', lookup },
  createBunnySigner: { key },
  presignBunny: { key, url, expiresInSeconds },
  createBunnyPrefix: { key, tokenPath: '/v1/', expiresInSeconds },
  createBunnyVerifier: { keys: [key] },
  createCloudCdnSigner: { keyName: 'key-1', key: cloudKey },
  presignCloudCdn: { keyName: 'key-1', key: cloudKey, url, expiresInSeconds },
  createCloudCdnPrefix: { keyName: 'key-1', key: cloudKey, urlPrefix, expiresInSeconds },
  createCloudCdnCookie: { keyName: 'key-1', key: cloudKey, urlPrefix, expiresInSeconds },
  createCloudCdnVerifier: { lookup },
  createCloudCdnAsyncVerifier: { lookup },
  createCloudflareSigner: { key, ttlSeconds: 300 },
  presignCloudflare: { key, ttlSeconds: 300, url },
  createCloudflareVerifier: { keys: [key], ttlSeconds: 300 },
  createCloudFrontSigner: { keyPairId: 'K1', privateKey: rsa.private },
  createCloudFrontAsyncSigner: { keyPairId: 'K1', privateKey: rsa.private },
  presignCloudFront: { keyPairId: 'K1', privateKey: rsa.private, url, expiresInSeconds },
  presignCloudFrontAsync: { keyPairId: 'K1', privateKey: rsa.private, url, expiresInSeconds },
  createCloudFrontPrefix: {
    keyPairId: 'K1',
    privateKey: rsa.private,
    resource: `${urlPrefix}*`,
    expiresInSeconds,
  },
  createCloudFrontPrefixAsync: {
    keyPairId: 'K1',
    privateKey: rsa.private,
    resource: `${urlPrefix}*`,
    expiresInSeconds,
  },
  createCloudFrontCookies: {
    keyPairId: 'K1',
    privateKey: rsa.private,
    resource: `${urlPrefix}*`,
    expiresInSeconds,
  },
  createCloudFrontCookiesAsync: {
    keyPairId: 'K1',
    privateKey: rsa.private,
    resource: `${urlPrefix}*`,
    expiresInSeconds,
  },
  createCloudFrontVerifier: { lookup },
  createCloudFrontAsyncVerifier: { lookup },
  createCosSigner: { credentials: cosKey, endpoint: urlPrefix },
  presignCos: {
    credentials: cosKey,
    endpoint: urlPrefix,
    method: 'GET',
    key: 'a',
    expiresInSeconds,
  },
  createCosVerifier: { lookup },
  createEdgioVerifier: { keys: [key] },
  createEdgioAsyncVerifier: { keys: [key] },
  createGcsSigner: { key: RSA_KEY },
  createGcsAsyncSigner: { key: HMAC_KEY },
  presignGcs: { key: RSA_KEY, method: 'GET', bucket: 'reports', object: 'a', expiresInSeconds },
  presignGcsAsync: {
    key: RSA_KEY,
    method: 'GET',
    bucket: 'reports',
    object: 'a',
    expiresInSeconds,
  },
  createGcsPostPolicy: { key: RSA_KEY, bucket: 'reports', object: 'a', expiresInSeconds },
  createGcsPostPolicyAsync: { key: RSA_KEY, bucket: 'reports', object: 'a', expiresInSeconds },
  createGcsVerifier: { lookup: gcsLookup },
  createGcsAsyncVerifier: { lookup: gcsLookup },
  createGcsPostVerifier: { lookup: gcsLookup },
  createGcsAsyncPostVerifier: { lookup: gcsLookup },
  createHttpSigner: { key: { algorithm: 'hmac-sha256', secret: key }, keyId: 'key-1' },
  createHttpVerifier: { lookup },
  createImgixSigner: { token: key },
  presignImgix: { token: key, url, expiresInSeconds },
  createImgixVerifier: { tokens: [key] },
  createLaravelSigner: { key },
  presignLaravel: { key, url, expiresInSeconds },
  createLaravelVerifier: { keys: [key] },
  createMediaCdnSigner: { keyName: 'key-1', key: mediaKey },
  createMediaCdnAsyncSigner: { keyName: 'key-1', key: mediaKey },
  presignMediaCdn: { keyName: 'key-1', key: mediaKey, url, expiresInSeconds },
  presignMediaCdnAsync: { keyName: 'key-1', key: mediaKey, url, expiresInSeconds },
  createMediaCdnPrefix: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnPrefixAsync: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnPath: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnPathAsync: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnCookie: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnCookieAsync: { keyName: 'key-1', key: mediaKey, urlPrefix, expiresInSeconds },
  createMediaCdnToken: {
    key: { algorithm: 'ed25519', key: mediaKey },
    urlPrefix,
    expiresInSeconds,
  },
  createMediaCdnTokenAsync: {
    key: { algorithm: 'ed25519', key: mediaKey },
    urlPrefix,
    expiresInSeconds,
  },
  createMediaCdnVerifier: { lookup },
  createMediaCdnAsyncVerifier: { lookup },
  createMediaCdnTokenVerifier: { keys: [{ algorithm: 'sha256', key }] },
  createMediaCdnTokenAsyncVerifier: { keys: [{ algorithm: 'sha256', key }] },
  createNginxSigner: { expression },
  presignNginx: { expression, url, expiresInSeconds },
  presignNginxSecret: { secret: key, prefix: 'https://media.example.test/p/', link: 'a.html' },
  createNginxVerifier: { rules: [{ expression }] },
  createOssSigner: { credentials: ossKey, endpoint: urlPrefix },
  presignOss: {
    credentials: ossKey,
    endpoint: urlPrefix,
    method: 'GET',
    bucket: 'reports',
    key: 'a',
    expiresInSeconds,
  },
  createOssVerifier: { lookup },
  createS3Signer: { credentials: s3Key, region: 'eu-west-1' },
  createS3AsyncSigner: { credentials: s3Key, region: 'eu-west-1' },
  presignS3: { ...s3Request, key: null, expiresInSeconds },
  presignS3Async: { ...s3Request, key: null, expiresInSeconds },
  signS3Headers: { ...s3Request, key: null },
  signS3HeadersAsync: { ...s3Request, key: null },
  createS3PostPolicy: {
    credentials: s3Key,
    region: 'eu-west-1',
    bucket: 'reports',
    key: 'a',
    expiresInSeconds,
  },
  createS3PostPolicyAsync: {
    credentials: s3Key,
    region: 'eu-west-1',
    bucket: 'reports',
    key: 'a',
    expiresInSeconds,
  },
  createS3Verifier: { lookup, region: 'eu-west-1' },
  createS3AsyncVerifier: { lookup, region: 'eu-west-1' },
  createS3PostVerifier: { lookup, region: 'eu-west-1' },
  createS3AsyncPostVerifier: { lookup, region: 'eu-west-1' },
  createSwiftSigner: { key },
  presignSwift: { key, url, expiresInSeconds },
  createSwiftPrefix: { key, account: 'account', container: 'c', prefix: 'd/', expiresInSeconds },
  createSwiftVerifier: { lookup },
  createSwiftAsyncVerifier: { lookup },
  toRawRequest: { method: 'GET', url, headers: {} },
}

/** Whose option may be `null`, which says that all is meant. */
export const MAY_BE_NULL: Readonly<Record<string, string>> = {
  createAzurePrefix: 'directory',
  presignAzureBlob: 'blob',
  presignAzureUserDelegation: 'blob',
  presignGcs: 'object',
  presignGcsAsync: 'object',
  presignS3: 'key',
  presignS3Async: 'key',
  signS3Headers: 'key',
  signS3HeadersAsync: 'key',
}

/** Those whose options come after what they are about. */
const BEHIND: Readonly<Record<string, { readonly subject: unknown; readonly options: Options }>> = {
  decryptEdgioToken: { subject: 'token', options: { keys: [key] } },
  decryptEdgioTokenAsync: { subject: 'token', options: { keys: [key] } },
  formatAuditSarif: { subject: [], options: { version: '1.0.0' } },
  verifyAkamai: { subject: request, options: { keys: [hexKey] } },
  verifyAzure: { subject: request, options: { account: 'account', lookup } },
  verifyAzureAsync: { subject: request, options: { account: 'account', lookup } },
  verifyBunny: { subject: request, options: { keys: [key] } },
  verifyCloudCdn: { subject: request, options: { lookup } },
  verifyCloudCdnAsync: { subject: request, options: { lookup } },
  verifyCloudCdnCookie: { subject: request, options: { lookup } },
  verifyCloudCdnCookieAsync: { subject: request, options: { lookup } },
  verifyCloudflare: { subject: request, options: { keys: [key], ttlSeconds: 300 } },
  verifyCloudFront: { subject: request, options: { lookup } },
  verifyCloudFrontAsync: { subject: request, options: { lookup } },
  verifyCloudFrontCookies: { subject: request, options: { lookup } },
  verifyCloudFrontCookiesAsync: { subject: request, options: { lookup } },
  verifyCos: { subject: request, options: { lookup } },
  verifyEdgio: { subject: request, options: { keys: [key] } },
  verifyEdgioAsync: { subject: request, options: { keys: [key] } },
  verifyGcs: { subject: request, options: { lookup: gcsLookup } },
  verifyGcsAsync: { subject: request, options: { lookup: gcsLookup } },
  verifyGcsPostPolicy: { subject: [], options: { lookup: gcsLookup, bucket: 'reports' } },
  verifyGcsPostPolicyAsync: { subject: [], options: { lookup: gcsLookup, bucket: 'reports' } },
  signHttpRequest: {
    subject: request,
    options: {
      key: { algorithm: 'hmac-sha256', secret: key },
      keyId: 'key-1',
      components: ['@method'],
      expiresInSeconds,
    },
  },
  verifyHttpRequest: { subject: request, options: { lookup } },
  verifyImgix: { subject: request, options: { tokens: [key] } },
  verifyLaravel: { subject: request, options: { keys: [key] } },
  verifyMediaCdn: { subject: request, options: { lookup } },
  verifyMediaCdnAsync: { subject: request, options: { lookup } },
  verifyMediaCdnCookie: { subject: request, options: { lookup } },
  verifyMediaCdnCookieAsync: { subject: request, options: { lookup } },
  verifyMediaCdnToken: { subject: request, options: { keys: [{ algorithm: 'sha256', key }] } },
  verifyMediaCdnTokenAsync: { subject: request, options: { keys: [{ algorithm: 'sha256', key }] } },
  verifyNginx: { subject: request, options: { rules: [{ expression }] } },
  verifyNginxSecret: { subject: request, options: { secrets: [key] } },
  verifyOss: { subject: request, options: { lookup } },
  verifyS3: { subject: request, options: { lookup, region: 'eu-west-1' } },
  verifyS3Async: { subject: request, options: { lookup, region: 'eu-west-1' } },
  verifyS3PostPolicy: {
    subject: form,
    options: { lookup, region: 'eu-west-1', bucket: 'reports' },
  },
  verifyS3PostPolicyAsync: {
    subject: form,
    options: { lookup, region: 'eu-west-1', bucket: 'reports' },
  },
  verifySwift: { subject: request, options: { lookup } },
  verifySwiftAsync: { subject: request, options: { lookup } },
}

/** Those whose options come after what they are about, and may be left out. */
const LEFT_OUT: Readonly<
  Record<string, { readonly subject: unknown; readonly parameter: string }>
> = {
  audit: { subject: { path: 'a.txt', text: '' }, parameter: 'options' },
  explain: { subject: url, parameter: 'options' },
  toRawRequest: { subject: { method: 'GET', url, headers: {} }, parameter: 'facts' },
}

/** Functions without options: texts and values in, texts and values out. */
export const WITHOUT_OPTIONS: ReadonlySet<string> = new Set([
  'SigningError',
  'canVerify',
  'checkContentLength',
  'checkLink',
  'countSeverities',
  'createChunkedBodyDecoder',
  'createChunkedBodyEncoder',
  'createRedactByteStream',
  'createRedactSpanProcessor',
  'createRedactStream',
  'createRedactTextStream',
  'createRedactor',
  'decodeChunkedBody',
  'decodeS3Credential',
  'describeIncomingMessage',
  'describeRequest',
  'detect',
  'formatAuditJson',
  'formatAuditText',
  'formatContentDigest',
  'formatExplanation',
  'hasS3Authentication',
  'isRuleId',
  'isSigningError',
  'isVerifiable',
  'matchesContentDigest',
  'parseAuditPolicy',
  'percentEncode',
  'percentEncodePath',
  'preparePrivateKey',
  'preparePublicKey',
  'redact',
  'redactEvent',
  'redactSerializer',
  'redactSpan',
  'responseContentDisposition',
  'verifyDetected',
])

type AnyFunction = (...args: readonly unknown[]) => unknown

const SOURCE = new URL('../../src/', import.meta.url)
const ENTRIES = await Promise.all(
  globSync('*.ts', { cwd: SOURCE }).map(
    async (file) => (await import(new URL(file, SOURCE).href)) as object,
  ),
)
const FUNCTIONS = new Map(
  ENTRIES.flatMap((entry) => Object.entries(entry)).filter(
    (named): named is [string, AnyFunction] => typeof named[1] === 'function',
  ),
)

function find(name: string): AnyFunction {
  const found = FUNCTIONS.get(name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

export const EVERY_REQUIRED: readonly RequiredOptions[] = [
  ...Object.entries(OPTIONS).map(([name, options]) => ({ name, options, call: find(name) })),
  ...Object.entries(BEHIND).map(([name, { subject, options }]) => ({
    name,
    options,
    call: (given: unknown) => find(name)(subject, given),
  })),
]

/** A signer for many, and what presigns once, which takes the options of both places at once. */
export interface SignerOptions {
  readonly create: RequiredOptions
  readonly once: RequiredOptions
  /** Of `once`, without those of the signer. */
  readonly request: Options
}

export const EVERY_SIGNER: readonly SignerOptions[] = EVERY_REQUIRED.flatMap((create) => {
  const [, dialect, kind = ''] = /^create(\w+?)(Async|Delegation)?Signer$/.exec(create.name) ?? []
  if (dialect === undefined || dialect === 'Http') return []
  const named = { Azure: 'presignAzureBlob', AzureDelegation: 'presignAzureUserDelegation' }
  const usual = `presign${dialect}${kind === 'Async' ? kind : ''}`
  const wanted = named[`${dialect}${kind}` as keyof typeof named] ?? usual
  const once = EVERY_REQUIRED.find(({ name }) => name === wanted)
  if (once === undefined) throw new Error(`there is no ${wanted}`)
  const own = Object.entries(once.options).filter(([name]) => !Object.hasOwn(create.options, name))
  return [{ create, once, request: Object.fromEntries(own) }]
})

/** Near no option: it is answered with all that there are. */
const UNHEARD = '-'.repeat(40)

/** The names of all options of a function. */
export async function namesOf({ call, options }: RequiredOptions): Promise<readonly string[]> {
  const error = await endOf(call, { ...options, [UNHEARD]: true })
  const list = error instanceof TypeError ? /: known are (.+)$/.exec(error.message)?.[1] : undefined
  if (list === undefined) throw new Error(`no list of options: ${String(error)}`)
  return list.split(', ')
}

/** A function whose options may be left out, and the name of that parameter. */
export interface OptionalOptions {
  readonly name: string
  readonly parameter: string
  readonly call: (given: unknown) => unknown
}

export const EVERY_OPTIONAL: readonly OptionalOptions[] = Object.entries(LEFT_OUT).map(
  ([name, { subject, parameter }]) => ({
    name,
    parameter,
    call: (given) => find(name)(subject, given),
  }),
)

/** Every function of every entry. */
export const EVERY_FUNCTION: readonly string[] = [...FUNCTIONS.keys()]

/** What a call ends in: its error, or `null`. An answer of a verifier is an end like another. */
export async function endOf(
  call: (options: unknown) => unknown,
  options: unknown,
): Promise<unknown> {
  try {
    await call(options)
    return null
  } catch (error) {
    return error
  }
}
