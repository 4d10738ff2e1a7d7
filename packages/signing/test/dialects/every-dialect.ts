/** Each dialect's signer and verifier, made from the same options: what holds for one holds for all. */
import { createAkamaiSigner, createAkamaiToken, createAkamaiVerifier } from '../../src/akamai.ts'
import { createAzurePrefix, createAzureSigner, createAzureVerifier } from '../../src/azure.ts'
import { createBunnyPrefix, createBunnySigner, createBunnyVerifier } from '../../src/bunny.ts'
import {
  createCloudCdnPrefix,
  createCloudCdnSigner,
  createCloudCdnVerifier,
} from '../../src/cloud-cdn.ts'
import { createCloudflareSigner, createCloudflareVerifier } from '../../src/cloudflare.ts'
import {
  createCloudFrontPrefix,
  createCloudFrontSigner,
  createCloudFrontVerifier,
} from '../../src/cloudfront.ts'
import { createCosSigner, createCosVerifier } from '../../src/cos.ts'
import { createGcsSigner, createGcsVerifier } from '../../src/gcs.ts'
import { createImgixSigner, createImgixVerifier } from '../../src/imgix.ts'
import { createLaravelSigner, createLaravelVerifier } from '../../src/laravel.ts'
import type { ExpiryOptions } from '../../src/lib/expiry.ts'
import {
  createMediaCdnPath,
  createMediaCdnPrefix,
  createMediaCdnSigner,
  createMediaCdnToken,
  createMediaCdnVerifier,
} from '../../src/media-cdn.ts'
import { createNginxSigner, createNginxVerifier } from '../../src/nginx.ts'
import { createS3Signer, createS3Verifier } from '../../src/s3.ts'
import { createSwiftPrefix, createSwiftSigner, createSwiftVerifier } from '../../src/swift.ts'
import { createOssSigner, createOssVerifier } from '../../src/oss.ts'
import type { ClockOptions, PrefixSigner, RawRequest, Signer } from '../../src/types.ts'
import { pemOf } from './cloud-support.ts'
import { lookup, RSA_KEY } from './gcs/test-keys.ts'

/** A signer that is asked for an end and nothing else, and the verifier of what it makes. */
export interface DialectPair {
  readonly name: string
  readonly createSigner: (options: ClockOptions) => Signer<ExpiryOptions>
  readonly createVerifier: (options: ClockOptions) => {
    readonly verify: (
      request: RawRequest,
      facts?: ClockOptions,
    ) => { readonly expiresAt: Date | null }
  }
}

const url = 'https://media.example.test/v1/account/container/a'

/** One signature for many files, and files that it opens. */
export interface PrefixSample {
  readonly name: string
  readonly prefix: Signer<string> & { readonly expiresAt: PrefixSigner['expiresAt'] | null }
  readonly urls: readonly string[]
}

/** A signer whose requests always name the same file. */
function fixed<Request>(
  signer: Signer<Request>,
  what: Omit<Request, keyof ExpiryOptions>,
): Signer<ExpiryOptions> {
  const full = (life: ExpiryOptions): Request => ({ ...what, ...life }) as Request
  return {
    sign: (life) => signer.sign(full(life)),
    signAll: (lives) => signer.signAll(lives.map(full)),
  }
}

const s3Key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass-fake-key' }
const region = 'eu-west-1'
const accountKey = 'aGFsbHBhc3MgZmFrZSBrZXk='
const cloudFrontKey = pemOf('hallpass-test-rsa-1')
const keyName = 'key-1'
const cloudKey = 'aGFsbHBhc3MgZmFrZSAxNg=='
const mediaKey = 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE='
const mediaPublicKey = 'ISEwOBemGkSJWf3TC1a0dK25mtHcKYxS_9R5dthfyrg'
const hexKey = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const key = 'hallpass-fake-key'
const rule = { expression: '$secure_link_expires$uri hallpass-fake-key' }

const ossKey = { accessKeyId: 'LTAIFAKE', accessKeySecret: key }
const cosKey = { secretId: 'AKIDFAKE', secretKey: key }

const TTL = 86_400

export const EVERY_DIALECT: readonly DialectPair[] = [
  {
    name: 's3',
    createSigner: (clock) =>
      fixed(createS3Signer({ ...clock, region, credentials: s3Key }), {
        method: 'GET',
        bucket: 'reports',
        key: 'a',
      }),
    createVerifier: (clock) => createS3Verifier({ ...clock, region, lookup: () => s3Key }),
  },
  {
    name: 'gcs',
    createSigner: (clock) =>
      fixed(createGcsSigner({ ...clock, key: RSA_KEY }), {
        method: 'GET',
        bucket: 'reports',
        object: 'a',
      }),
    createVerifier: (clock) => createGcsVerifier({ ...clock, lookup }),
  },
  {
    name: 'azure',
    createSigner: (clock) =>
      fixed(createAzureSigner({ ...clock, account: 'account', accountKey }), {
        container: 'reports',
        blob: 'a',
        permissions: 'r',
      }),
    createVerifier: (clock) =>
      createAzureVerifier({ ...clock, account: 'account', lookup: () => [accountKey] }),
  },
  {
    name: 'cloudfront',
    createSigner: (clock) =>
      fixed(
        createCloudFrontSigner({ ...clock, keyPairId: 'K1', privateKey: cloudFrontKey.private }),
        { url },
      ),
    createVerifier: (clock) =>
      createCloudFrontVerifier({ ...clock, lookup: () => cloudFrontKey.public }),
  },
  {
    name: 'cloud-cdn',
    createSigner: (clock) =>
      fixed(createCloudCdnSigner({ ...clock, keyName, key: cloudKey }), { url }),
    createVerifier: (clock) => createCloudCdnVerifier({ ...clock, lookup: () => cloudKey }),
  },
  {
    name: 'media-cdn',
    createSigner: (clock) =>
      fixed(createMediaCdnSigner({ ...clock, keyName, key: mediaKey }), { url }),
    createVerifier: (clock) => createMediaCdnVerifier({ ...clock, lookup: () => mediaPublicKey }),
  },
  {
    name: 'akamai',
    createSigner: (clock) => fixed(createAkamaiSigner({ ...clock, key: hexKey }), { url }),
    createVerifier: (clock) => createAkamaiVerifier({ ...clock, keys: [hexKey] }),
  },
  {
    name: 'bunny',
    createSigner: (clock) => fixed(createBunnySigner({ ...clock, key }), { url }),
    createVerifier: (clock) => createBunnyVerifier({ ...clock, keys: [key] }),
  },
  {
    name: 'cloudflare',
    createSigner: (clock) =>
      fixed(createCloudflareSigner({ ...clock, key, ttlSeconds: TTL }), { url }),
    createVerifier: (clock) => createCloudflareVerifier({ ...clock, keys: [key], ttlSeconds: TTL }),
  },
  {
    name: 'nginx',
    createSigner: (clock) => fixed(createNginxSigner({ ...clock, ...rule }), { url }),
    createVerifier: (clock) => createNginxVerifier({ ...clock, rules: [rule] }),
  },
  {
    name: 'oss',
    createSigner: (clock) =>
      fixed(
        createOssSigner({
          ...clock,
          credentials: ossKey,
          endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
        }),
        { method: 'GET', bucket: 'reports', key: 'a' },
      ),
    createVerifier: (clock) => createOssVerifier({ ...clock, lookup: () => ossKey }),
  },
  {
    name: 'cos',
    createSigner: (clock) =>
      fixed(
        createCosSigner({
          ...clock,
          credentials: cosKey,
          endpoint: 'https://reports-1250000000.cos.ap-beijing.myqcloud.com',
        }),
        { method: 'GET', key: 'a' },
      ),
    createVerifier: (clock) => createCosVerifier({ ...clock, lookup: () => cosKey }),
  },
  {
    name: 'laravel',
    createSigner: (clock) => fixed(createLaravelSigner({ ...clock, key }), { url }),
    createVerifier: (clock) => createLaravelVerifier({ ...clock, keys: [key] }),
  },
  {
    name: 'imgix',
    createSigner: (clock) => fixed(createImgixSigner({ ...clock, token: key }), { url }),
    createVerifier: (clock) => createImgixVerifier({ ...clock, tokens: [key] }),
  },
  {
    name: 'swift',
    createSigner: (clock) => fixed(createSwiftSigner({ ...clock, key }), { url }),
    createVerifier: (clock) => createSwiftVerifier({ ...clock, lookup: () => [key] }),
  },
]

const life = { expiresInSeconds: 300, now: new Date('2026-03-14T09:26:53Z') }
const folder = 'https://media.example.test/v1/account/container/'
const urls = [`${folder}a`, `${folder}b%20c`, `${folder}d/e`]
const mediaSigner = { ...life, keyName, key: mediaKey, urlPrefix: folder }

export const EVERY_PREFIX: readonly PrefixSample[] = [
  {
    name: 'azure',
    prefix: createAzurePrefix({
      ...life,
      account: 'account',
      accountKey,
      container: 'reports',
      directory: 'a',
      permissions: 'r',
    }),
    urls: ['a/b', 'a/c d', 'a/e/f'],
  },
  {
    name: 'cloudfront',
    prefix: createCloudFrontPrefix({
      ...life,
      keyPairId: 'K1',
      privateKey: cloudFrontKey.private,
      resource: `${folder}*`,
    }),
    urls,
  },
  {
    name: 'cloud-cdn',
    prefix: createCloudCdnPrefix({ ...life, keyName, key: cloudKey, urlPrefix: folder }),
    urls,
  },
  { name: 'media-cdn', prefix: createMediaCdnPrefix(mediaSigner), urls },
  { name: 'media-cdn, path', prefix: createMediaCdnPath(mediaSigner), urls },
  {
    name: 'media-cdn, token',
    prefix: createMediaCdnToken({
      ...life,
      key: { algorithm: 'ed25519', key: mediaKey },
      urlPrefix: folder,
      tokenName: 'hdnts',
    }),
    urls,
  },
  {
    name: 'akamai',
    prefix: createAkamaiToken({ ...life, key: hexKey, acl: '/v1/account/*' }),
    urls,
  },
  {
    name: 'bunny',
    prefix: createBunnyPrefix({ ...life, key, tokenPath: '/v1/account/' }),
    urls,
  },
  {
    name: 'swift',
    prefix: createSwiftPrefix({
      ...life,
      key,
      account: 'account',
      container: 'container',
      prefix: 'd/',
    }),
    urls: [`${folder}d/e`, `${folder}d/f`],
  },
]
