/**
 * Requests of the other dialects: signed by Google's, Microsoft's, Amazon's and Akamai's own libraries, and by the
 * documented algorithm where the provider has no library.
 */
import { createHash, createHmac, sign as signRsa } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { getSignedUrl } from '@aws-sdk/cloudfront-signer'
import { Storage } from '@google-cloud/storage'
import { NOW, addSeconds, hostOf } from './case.ts'
import type { Sample, SentRequest } from './case.ts'
import type { Random } from './random.ts'

interface EdgeAuthSigner {
  generateURLToken(path: string): string
  generateACLToken(acl: string): string
}
// The library has no types.
const EdgeAuth = createRequire(import.meta.url)('akamai-edgeauth') as new (
  options: Readonly<Record<string, unknown>>,
) => EdgeAuthSigner

interface TestKeys {
  readonly gcs: { 'gcs-rsa': { clientEmail: string; keyName: string } }
  readonly azure: {
    'azure-1': { accountName: string; accountKey: string }
    'azure-udk-1': { accountName: string; userDelegationKey: Record<string, string> }
  }
  readonly cloudfront: { 'cf-rsa': { keyPairId: string; keyName: string } }
  readonly pem: Readonly<Record<string, { private: string; public: string }>>
}

const KEYS_FILE = new URL('../../../../../vectors/keys/test-keys.json', import.meta.url)
export const TEST_KEYS: TestKeys = JSON.parse(readFileSync(KEYS_FILE, 'utf8')) as TestKeys
const RSA_1 = TEST_KEYS.pem['hallpass-test-rsa-1'] ?? { private: '', public: '' }
export const RSA_2: { private: string; public: string } = TEST_KEYS.pem['hallpass-test-rsa-2'] ?? {
  private: '',
  public: '',
}
export const LIFE = 3600
export const OBJECTS: readonly string[] = [
  'report.pdf',
  'photos/cat.png',
  'exports/2036/data.csv',
  'my file.txt',
]

export function sentTo(method: string, url: string): SentRequest {
  return { method, url, headers: [['Host', hostOf(url)]] }
}

export interface GcsOptions {
  readonly action?: 'read' | 'write' | 'delete'
  readonly object?: string
  readonly contentType?: string
  readonly extensionHeaders?: Record<string, string>
  readonly cname?: string
}

/** The library with a signer of ours in the place of Google's: the same RSA signature, without looking for credentials. */
function createStorage(): Storage {
  const storage = new Storage({ projectId: 'example-project' })
  const signer = {
    getCredentials: () => Promise.resolve({ client_email: TEST_KEYS.gcs['gcs-rsa'].clientEmail }),
    sign: (text: string) =>
      Promise.resolve(signRsa('RSA-SHA256', Buffer.from(text), RSA_1.private).toString('base64')),
  }
  storage.authClient = signer as unknown as Storage['authClient']
  return storage
}
const STORAGE = createStorage()

/** Signed by @google-cloud/storage for a service account. */
export async function gcsSample(random: Random, options: GcsOptions = {}): Promise<Sample> {
  const account = TEST_KEYS.gcs['gcs-rsa']
  const action = options.action ?? random.pick(['read', 'read', 'write'] as const)
  const signedAt = addSeconds(NOW, -random.int(2, 50))
  const expiresAt = addSeconds(signedAt, LIFE)
  const [url] = await STORAGE.bucket('acme-files')
    .file(options.object ?? random.pick(OBJECTS))
    .getSignedUrl({
      version: 'v4',
      action,
      accessibleAt: signedAt,
      expires: expiresAt,
      ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
      ...(options.extensionHeaders === undefined
        ? {}
        : { extensionHeaders: options.extensionHeaders }),
      ...(options.cname === undefined ? {} : { cname: options.cname }),
    })
  const sent = sentTo({ read: 'GET', write: 'PUT', delete: 'DELETE' }[action], url)
  if (options.contentType !== undefined) sent.headers.push(['Content-Type', options.contentType])
  for (const pair of Object.entries(options.extensionHeaders ?? {})) sent.headers.push(pair)
  return {
    request: sent,
    key: { id: account.clientEmail, publicKey: RSA_1.public },
    signedAt,
    expiresAt,
  }
}

export interface CloudFrontOptions {
  readonly url?: string
  /** A custom policy for this resource. */
  readonly resource?: string
  readonly ip?: string
  readonly isCustom?: boolean
  readonly algorithm?: 'SHA1' | 'SHA256'
}

/** Signed by @aws-sdk/cloudfront-signer. */
export function cloudFrontSample(random: Random, options: CloudFrontOptions = {}): Sample {
  const { keyPairId } = TEST_KEYS.cloudfront['cf-rsa']
  const signedAt = addSeconds(NOW, -random.int(2, 50))
  const expiresAt = addSeconds(signedAt, LIFE)
  const url =
    options.url ??
    `https://${random.pick(['d111111abcdef8.cloudfront.net', 'cdn.example.com'])}/${random.pick(['video/intro.mp4', 'img/a.png?size=large', 'report.pdf'])}`
  const algorithm = options.algorithm === undefined ? {} : { algorithm: options.algorithm }
  const common = { keyPairId, privateKey: RSA_2.private, ...algorithm }
  const isCustom = options.isCustom ?? (options.resource !== undefined || options.ip !== undefined)
  const signed = isCustom
    ? getSignedUrl({
        ...common,
        url,
        policy: policyText(options.resource ?? url, expiresAt, options.ip),
      })
    : getSignedUrl({ ...common, url, dateLessThan: expiresAt.toISOString() })
  return {
    request: sentTo('GET', signed),
    key: { id: keyPairId, publicKey: RSA_2.public },
    signedAt,
    expiresAt,
  }
}

function policyText(resource: string, expiresAt: Date, ip: string | undefined): string {
  const condition = {
    DateLessThan: { 'AWS:EpochTime': Math.floor(expiresAt.getTime() / 1000) },
    ...(ip === undefined ? {} : { IpAddress: { 'AWS:SourceIp': ip } }),
  }
  return JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] })
}

/** A CloudFront URL made by hand: any policy text, any expiry written into it. */
export function handMadeCloudFront(url: string, policy: string, parameters: string): Sample {
  const { keyPairId } = TEST_KEYS.cloudfront['cf-rsa']
  const signature = signRsa('RSA-SHA1', Buffer.from(policy), RSA_2.private).toString('base64')
  const safe = signature.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
  const signed = `${url}${url.includes('?') ? '&' : '?'}${parameters}&Signature=${safe}&Key-Pair-Id=${keyPairId}`
  return {
    request: sentTo('GET', signed),
    key: { id: keyPairId, publicKey: RSA_2.public },
    signedAt: NOW,
    expiresAt: NOW,
  }
}

/** Signed as Google documents for Cloud CDN. */
export function cloudCdnSample(
  random: Random,
  options: { path?: string; prefix?: string } = {},
): Sample {
  const secret = Buffer.from(random.text(16, 'abcdefghijklmnop0123456789')).toString('base64url')
  const expiresAt = addSeconds(NOW, LIFE)
  const fields = `Expires=${expiresAt.getTime() / 1000 - 0.0}&KeyName=media-key`.replace(
    /\.\d+/,
    '',
  )
  const url = `https://media.example.com${options.path ?? random.pick(['/videos/a.mp4', '/live/main.m3u8?lang=en'])}`
  const join = url.includes('?') ? '&' : '?'
  const text =
    options.prefix === undefined
      ? `${url}${join}${fields}`
      : `URLPrefix=${Buffer.from(options.prefix).toString('base64url')}&${fields}`
  const mac = createHmac('sha1', Buffer.from(secret, 'base64url')).update(text).digest('base64url')
  const signed =
    options.prefix === undefined
      ? `${text}&Signature=${mac}=`
      : `${url}${join}${text}&Signature=${mac}=`
  return {
    request: sentTo('GET', signed),
    key: { id: 'media-key', secret },
    signedAt: NOW,
    expiresAt,
  }
}

/** Signed by akamai-edgeauth. */
export function akamaiSample(
  random: Random,
  options: { acl?: string; path?: string; ip?: string } = {},
): Sample {
  const secret = random.text(32, '0123456789abcdef')
  const start = Math.floor(NOW.getTime() / 1000) - 60
  const auth = new EdgeAuth({
    key: secret,
    startTime: start,
    endTime: start + LIFE,
    escapeEarly: options.acl === undefined,
    ...(options.ip === undefined ? {} : { ip: options.ip }),
  })
  const path = options.path ?? '/vod/show/1.m3u8'
  const token =
    options.acl === undefined ? auth.generateURLToken(path) : auth.generateACLToken(options.acl)
  return {
    request: sentTo('GET', `https://media.example.com${path}?__token__=${token}`),
    key: { secret },
    signedAt: NOW,
    expiresAt: new Date((start + LIFE) * 1000),
  }
}

/** Signed as Bunny's own implementations do. */
export function bunnySample(
  random: Random,
  options: { path?: string; query?: string; isLegacy?: boolean } = {},
): Sample {
  const secret = random.text(36, 'abcdefghijklmnopqrstuvwxyz0123456789-')
  const expires = Math.floor(NOW.getTime() / 1000) + LIFE
  const path = options.path ?? random.pick(['/a/b.mp4', '/files/report.pdf'])
  const query = options.query ?? ''
  const token =
    options.isLegacy === true
      ? createHash('sha256')
          .update(secret + path + expires + query)
          .digest('base64url')
      : `HS256-${createHmac('sha256', secret)
          .update(path + expires + query)
          .digest('base64url')}`
  const url = `https://zone.b-cdn.net${encodeURI(path)}?token=${token}${query === '' ? '' : `&${query}`}&expires=${expires}`
  return {
    request: sentTo('GET', url),
    key: { secret },
    signedAt: NOW,
    expiresAt: new Date(expires * 1000),
  }
}

/** Signed as nginx's documentation shows, by the expression given (`SECRET` stands for the key). */
export function nginxSample(random: Random, expression: string, path = '/s/report.pdf'): Sample {
  const secret = random.text(20, 'abcdefghijklmnopqrstuvwxyz0123456789')
  const expires = Math.floor(NOW.getTime() / 1000) + LIFE
  const text = expression
    .replace('$secure_link_expires', String(expires))
    .replace('$uri', decodeURI(path))
    .replace('$remote_addr', '192.0.2.7')
    .replace('SECRET', secret)
  const md5 = createHash('md5').update(text).digest('base64url')
  return {
    request: {
      ...sentTo('GET', `https://files.example.com${path}?md5=${md5}&expires=${expires}`),
      clientIp: '192.0.2.7',
    },
    key: { secret, dialect: 'nginx' },
    signedAt: NOW,
    expiresAt: new Date(expires * 1000),
  }
}

/** Signed as OpenStack documents. */
export function swiftSample(
  random: Random,
  options: { method?: string; path?: string } = {},
): Sample {
  const secret = random.text(24, 'abcdefghijklmnopqrstuvwxyz')
  const expires = Math.floor(NOW.getTime() / 1000) + LIFE
  const path = options.path ?? '/v1/AUTH_acme/files/report.pdf'
  const method = options.method ?? 'GET'
  const sig = createHmac(random.pick(['sha256', 'sha512']), secret)
    .update(`${method}\n${expires}\n${path}`)
    .digest('hex')
  return {
    request: sentTo(
      method,
      `https://swift.example.com${encodeURI(path)}?temp_url_sig=${sig}&temp_url_expires=${expires}`,
    ),
    key: { secret },
    signedAt: NOW,
    expiresAt: new Date(expires * 1000),
  }
}
