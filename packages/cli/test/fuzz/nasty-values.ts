/** What is typed by mistake or in bad faith: words, files, environments and standard inputs, drawn with a seed. */
import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'

export const SECRET = 'HallpassFakeSecretKeyForTestVectors00001'

const SIGNED_URLS: readonly string[] = [
  'https://b.s3.eu-west-1.amazonaws.com/a.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAHALLPASSFAKE0001%2F20260314%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=3e75522318d9db2c647b7a1b9ec675969cefa4cbaf4c95b556f5fd0c264fccad',
  'https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIAHALLPASSFAKE0001&Expires=1773484013&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D',
  'https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=a%40b.iam.gserviceaccount.com%2F20260314%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date=20260314T092653Z&X-Goog-Expires=300&X-Goog-SignedHeaders=host&X-Goog-Signature=00ff',
  'https://acct.blob.core.windows.net/c/b?sv=2026-04-06&se=2026-03-14T10%3A26%3A53Z&sr=b&sp=r&sig=ZhNJfRPeCZ5HHFnRhOVtYpmtL9q%2BhViRjeLSOfqgxmg%3D',
  'https://acct.blob.core.windows.net/c/b?sv=2019-12-12&ss=b&srt=o&se=2026-03-14T10:26:53Z&sp=r&sig=aaaa',
  'https://d1.cloudfront.net/a?Expires=1773484013&Signature=AAAA__&Key-Pair-Id=K2JCJMDEHXQW5F',
  'https://d1.cloudfront.net/a?Policy=eyJTdGF0ZW1lbnQiOlt7fV19&Signature=AAAA__&Key-Pair-Id=K2JCJMDEHXQW5F',
  'https://m.example/a?Expires=1773484013&KeyName=k&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'https://m.example/a?edge-cache-token=URLPrefix=aHR0cHM6Ly9tLmV4YW1wbGUv~Expires=1773484013~KeyName=k~Signature=AAAA',
  'https://m.example/a?__token__=st=1~exp=1773484013~acl=/*~hmac=00ff',
  'https://m.b-cdn.net/bcdn_token=HS256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&expires=1773484013/a',
  'https://m.example/a?md5=AAAAAAAAAAAAAAAAAAAAAA&expires=1773484013',
  'https://s.example/v1/AUTH_a/c/o?temp_url_sig=da39a3ee5e6b4b0d3255bfef95601890afd80709&temp_url_expires=1773484013',
  'https://m.example/a?verify=1773484013-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D',
]

const BROKEN_URLS: readonly string[] = [
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256',
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=99999999T999999Z&X-Amz-Expires=-1&X-Amz-Signature=',
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260314T092653Z&X-Amz-Expires=999999999999999&X-Amz-Signature=aa',
  'https://a.blob.core.windows.net/c/b?sv=9999-99-99&se=275760-09-14T00:00:00Z&sr=b&sp=r&sig=%',
  'https://d.cloudfront.net/a?Policy=e30_&Signature=_&Key-Pair-Id=K',
  'https://d.cloudfront.net/a?Expires=9999999999999&Signature=_&Key-Pair-Id=',
  'https://[::1?X-Amz-Signature=%F0%9F',
  'https://',
  'http://a:b@c/#d',
  'HTTPS://X.example:443/%2e%2e/..//a b?%zz=%',
  '//x/y',
  '/bucket/key?sig=a',
  '\u202e\u0001https://x',
]

const WORDS: readonly string[] = [
  '',
  ' ',
  '-',
  '--',
  '---',
  '-e',
  '--json=yes',
  '=',
  '%',
  '?',
  '*',
  '\n',
  '\ud800',
  '\u0001\u001b[2J',
  '__proto__',
  'constructor',
  'toString',
  'a/b',
  'a/',
  '/b',
  'a/../b',
  'a/\u0001',
  'Bucket_/k',
  'eu-west-1',
  'us east',
  'é',
  'null',
  'undefined',
  '[object Object]',
  '{}',
  's3',
  'akamai',
  'sha256',
  'md5',
  'HS256',
  'get',
  'CONNECT',
  'rwdl',
  'lr',
  'read,list',
  'zz,',
  'readX',
  'bqtf',
  'sco',
  '203.0.113.7',
  '203.0.113.0/24',
  '203.0.113.7-203.0.113.9',
  '999.1.1.1',
  '::1',
  'fe80::1%eth0',
  'Content-Type: image/png',
  'host: x',
  'a: \u0001',
  ': x',
  'X-Amz-Expires=9',
  'versionId=abc',
  '=x',
  'a=\ud800',
  '$secure_link_expires$uri $secret',
  '$secret',
  '$',
  '$uri$foo',
  '$arg_md5,$arg_expires',
  ',',
  '?verify=',
  '0',
  '-1',
  '1e9',
  '00',
  '300',
  '5m',
  '7d',
  '999999999w',
  '9007199254740993',
  '٣',
  'NaN',
  'Infinity',
  '2026-03-14T09:26:53Z',
  '2026-02-31',
  '0000-01-01',
  '9999-12-31T23:59:59.999Z',
  '1969-12-31T00:00:00Z',
  '1e400',
  'https://files.example.com',
  'https://files.example.com/',
  'http://localhost:8787',
  'sqlite:x',
  'postgres://x',
  `x${'y'.repeat(70_000)}`,
]

const pem = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const ed = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** By name, for a folder that is the working directory and the home. */
export const FILES: Readonly<Record<string, string | Uint8Array>> = {
  empty: '',
  'bytes.bin': Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256),
  'deep.json': '['.repeat(200_000),
  'null.json': 'null',
  'list.json': '[null, 5, [], {"url": 5}]',
  'secret.txt': `${SECRET}\n`,
  'hex.txt': '00112233445566778899aabbccddeeff',
  'short.txt': 'x',
  'base64url.txt': 'AAECAwQFBgcICQoLDA0ODw==',
  'ec.pem': pem.privateKey,
  'ec-public.pem': pem.publicKey,
  'rsa.pem': rsa.privateKey,
  'rsa-public.pem': rsa.publicKey,
  'ed.pem': ed.privateKey,
  'ed-public.pem': ed.publicKey,
  'broken.pem': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  'keys.json': JSON.stringify([
    { dialect: 's3', id: 'AKIAHALLPASSFAKE0001', secret: SECRET },
    { dialect: 'azure', id: 'acct', secret: 'AAECAwQFBgcICQoLDA0ODw==' },
    { dialect: 'cloudfront', publicKey: rsa.publicKey },
    { secret: 'x' },
  ]),
  'odd-keys.json': JSON.stringify([
    { secret: '', id: '' },
    { publicKey: 'no PEM' },
    { dialect: 'azure', secret: '%' },
    { dialect: 'nginx', secret: 'abcdef', expression: '$' },
    { dialect: 'akamai', secret: 'not hex' },
  ]),
  'nginx-keys.json': JSON.stringify({
    keys: [{ dialect: 'nginx', secret: 'abcdef', expression: '$secure_link_expires$uri $secret' }],
  }),
  'bad-keys.json': '[{"dialect": "s4", "secret": "abc"}]',
  'account.json': JSON.stringify({ client_email: 'a@b.iam', private_key: rsa.privateKey }),
  'bad-account.json': JSON.stringify({ client_email: '', private_key: 'x' }),
  'odd-account.json': JSON.stringify({ client_email: 'a@b', private_key: ed.privateKey }),
  'policy.json': '{"maxSeconds": "x"}',
  'config.json': '{"port": 0, "adminKey": {}, "x": 1}',
  'requests.jsonl': `${SIGNED_URLS.map((url) => JSON.stringify({ url })).join('\n')}\n5\n{\n`,
  'app.js': "getSignedUrl(client, command, { expiresIn: 604800 })\nconst u = '",
  '.aws/credentials':
    '[default]\naws_access_key_id = AKIADEFAULT00000001\naws_secret_access_key = x\n[odd]\n=\n[\naws_session_token',
  '.aws/config': '[default]\nregion = \n[profile odd]\nregion = us east\n',
}

const file: fc.Arbitrary<string> = fc.constantFrom(...Object.keys(FILES), 'missing', '.aws', '-')

/** A signed URL as it is, or with a piece cut out or put in. */
export const url: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...SIGNED_URLS, ...BROKEN_URLS),
  fc
    .tuple(fc.constantFrom(...SIGNED_URLS), fc.nat(), fc.nat(12), fc.string({ maxLength: 4 }))
    .map(([text, at, length, piece]) => {
      const start = at % text.length
      return text.slice(0, start) + piece + text.slice(start + length)
    }),
)

export const word: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 3, arbitrary: file },
    { weight: 2, arbitrary: url },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  )
  // No system hands over an argument with a zero in it.
  .map((text) => text.replaceAll('\u0000', ''))

const requestDocument: fc.Arbitrary<string> = fc
  .record(
    {
      url: fc.oneof(url, fc.jsonValue()),
      method: fc.oneof(fc.constantFrom('GET', 'PUT'), fc.jsonValue()),
      headers: fc.oneof(fc.array(fc.tuple(word, word), { maxLength: 3 }), fc.jsonValue()),
      body: fc.oneof(word, fc.jsonValue()),
      clientIp: fc.oneof(word, fc.jsonValue()),
      response: fc.oneof(
        fc.record({ status: fc.jsonValue(), headers: fc.jsonValue(), body: fc.jsonValue() }),
        fc.record({
          status: fc.constant(403),
          body: fc.constant('<Error><Code>SignatureDoesNotMatch</Code></Error>'),
        }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: ['url'] },
  )
  .map((request) => JSON.stringify(request))

export const stdin: fc.Arbitrary<string> = fc.oneof(
  fc.constant(''),
  fc.array(fc.oneof(requestDocument, url, fc.json()), { maxLength: 4 }).map((l) => l.join('\n')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(...Object.values(FILES)).map((content) => Buffer.from(content).toString('utf8')),
)

const VARIABLES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  AWS_ACCESS_KEY_ID: fc.constantFrom('AKIAHALLPASSFAKE0001', '', 'x/y'),
  AWS_SECRET_ACCESS_KEY: fc.constantFrom(SECRET, '', 'x'),
  AWS_SESSION_TOKEN: word,
  AWS_REGION: fc.constantFrom('eu-west-1', '', 'us east'),
  AWS_PROFILE: fc.constantFrom('default', 'odd', 'missing'),
  AWS_SHARED_CREDENTIALS_FILE: file,
  AZURE_STORAGE_CONNECTION_STRING: fc.constantFrom(
    'AccountName=acct;AccountKey=AAECAwQFBgcICQoLDA0ODw==',
    'AccountName=acct;AccountKey=%;BlobEndpoint=x',
    ';;=',
  ),
  AZURE_STORAGE_ACCOUNT: fc.constantFrom('acct', 'A_', ''),
  AZURE_STORAGE_KEY: fc.constantFrom('AAECAwQFBgcICQoLDA0ODw==', '%', ''),
  GOOGLE_APPLICATION_CREDENTIALS: file,
  HALLPASS_SECRET: fc.oneof(
    word,
    fc.constantFrom(SECRET, rsa.privateKey, ed.privateKey, rsa.publicKey, '00112233445566778899'),
  ),
  HALLPASS_PORT: word,
}

export const environment: fc.Arbitrary<Record<string, string | undefined>> = fc.record(VARIABLES, {
  requiredKeys: [],
})
