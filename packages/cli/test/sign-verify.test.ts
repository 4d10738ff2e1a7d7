import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { verifyCloudflare } from '@hallpass/signing/cloudflare'
import { verifyGcsPostPolicy } from '@hallpass/signing/gcs'
import { verifyS3PostPolicy } from '@hallpass/signing/s3'
import { AWS_ENV, NOW, folderOf, run } from './run-cli.ts'
import { signEdgio } from '../../signing/test/dialects/edgio/sign-edgio.ts'

const SECRET = AWS_ENV['AWS_SECRET_ACCESS_KEY'] ?? ''
const AZURE_ENV = {
  AZURE_STORAGE_ACCOUNT: 'hallpasstest',
  AZURE_STORAGE_KEY:
    'aGFsbHBhc3MgZmFrZSBhenVyZSBzdG9yYWdlIGFjY291bnQga2V5IG9uZSAtIHRlc3QgdmVjdG9ycyBvbmx5Lg==',
}

function pem(type: 'rsa' | 'ec' | 'ed25519'): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

interface PrintedForm {
  readonly url: string
  readonly fields: Record<string, string>
  readonly expiresAt: string
}

suite('hallpass sign: forms', () => {
  const secret = { accessKeyId: AWS_ENV['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: SECRET }

  test('s3-form prints a form that the verifier takes within its limits', async () => {
    const { exitCode, stderr, stdout } = await run(
      'sign s3-form uploads/inbox/${filename} --min-bytes 1 --max-bytes 5000 --starts-with Content-Type=image/ -f acl=private'.split(
        ' ',
      ),
      { env: AWS_ENV },
    )
    assert.equal(exitCode, 0)
    assert.match(stderr, /multipart/)
    const { expiresAt, fields } = JSON.parse(stdout) as PrintedForm
    assert.equal(expiresAt, '2026-03-14T09:31:53.000Z')
    const verify = (type: string): ReturnType<typeof verifyS3PostPolicy> =>
      verifyS3PostPolicy(
        { fields: { ...fields, 'Content-Type': type }, file: { filename: 'a.png', size: 5000 } },
        { bucket: 'uploads', region: 'us-east-1', now: NOW, lookup: () => secret },
      )
    const { contentLengthRange, objectKey } = verify('image/png')
    assert.equal(objectKey, 'inbox/a.png')
    assert.deepEqual(contentLengthRange, { minBytes: 1, maxBytes: 5000 })
    assert.throws(() => verify('text/html'), { code: 'policy-condition-failed' })
  })

  test('gcs-form prints a form that the verifier takes, of one object or of a folder', async () => {
    const hmac = { env: { HALLPASS_SECRET: 'hallpass-fake-secret' } }
    const sign = async (target: string): Promise<PrintedForm> => {
      const { stdout } = await run(
        ['sign', 'gcs-form', target, '--hmac-id', 'GOOG1EFAKE', '--content-type', 'image/png'],
        hmac,
      )
      return JSON.parse(stdout) as PrintedForm
    }
    const verify = ({ fields }: PrintedForm): string =>
      verifyGcsPostPolicy(Object.entries(fields), {
        bucket: 'uploads',
        fileName: 'a.png',
        now: NOW,
        lookup: () => ({ secret: 'hallpass-fake-secret' }),
      }).key
    assert.equal(verify(await sign('uploads/7.png')), '7.png')
    assert.equal(verify(await sign('uploads/inbox/')), 'inbox/a.png')
  })

  test('what a form cannot say is refused by the name of its flag', async () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['uploads'], /expected BUCKET\/NAME/],
      [['uploads/a', '--min-bytes', '5'], /--min-bytes needs --max-bytes/],
      [['uploads/a', '--min-bytes', '5', '--max-bytes', '4'], /cannot sign: --starts-with, --min/],
      [['uploads/a', '-f', 'acl'], /Expected a parameter/],
      [['uploads/a', '-e', '8d'], /cannot sign: --expires must be/],
    ]
    for (const [argv, message] of cases) {
      const { exitCode, stderr, stdout } = await run(['sign', 's3-form', ...argv], { env: AWS_ENV })
      assert.equal(exitCode, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, message)
    }
  })
})

suite('hallpass sign s3', () => {
  test('makes the same URL as the SDK, less what the SDK adds of its own', async () => {
    const { stdout, exitCode } = await run(
      [
        'sign',
        's3',
        'get',
        'hallpass-test/report.pdf',
        '-e',
        '1h',
        '-q',
        'x-id=GetObject',
        '-q',
        'x-amz-checksum-mode=ENABLED',
        '-q',
        'X-Amz-Content-Sha256=UNSIGNED-PAYLOAD',
      ],
      { env: AWS_ENV },
    )
    assert.equal(exitCode, 0)
    const vectors = JSON.parse(
      readFileSync(new URL('../../../vectors/sdk/s3-presign.json', import.meta.url), 'utf8'),
    ) as { vectors: { id: string; expected: { signature: string } }[] }
    const { signature } =
      vectors.vectors.find(({ id }) => id === 'key-plain')?.expected ?? assert.fail()
    assert.ok(stdout.trimEnd().includes(`X-Amz-Signature=${signature}`))
  })

  test('--json prints url, method, headers and expiresAt', async () => {
    const { stdout } = await run(
      [
        'sign',
        's3',
        'put',
        'bucket/a b.png',
        '--content-type',
        'image/png',
        '--content-length',
        '17',
        '--json',
      ],
      { env: AWS_ENV },
    )
    const answer = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual(Object.keys(answer), ['url', 'method', 'headers', 'expiresAt'])
    assert.deepEqual(answer['headers'], { 'content-type': 'image/png', 'content-length': '17' })
    assert.equal(answer['expiresAt'], '2026-03-14T09:31:53.000Z')
  })

  test('--filename says what a download is called, as any text', async () => {
    const { stdout } = await run(
      ['sign', 's3', 'get', 'bucket/a', '--filename', 'Über "uns".pdf', '--inline'],
      { env: AWS_ENV },
    )
    assert.equal(
      new URL(stdout).searchParams.get('response-content-disposition'),
      `inline; filename="_ber _uns_.pdf"; filename*=UTF-8''%C3%9Cber%20%22uns%22.pdf`,
    )
    const azure = await run(['sign', 'azure', 'box/a', '--filename', 'a.pdf'], { env: AZURE_ENV })
    assert.equal(new URL(azure.stdout).searchParams.get('rscd'), 'attachment; filename="a.pdf"')
    const account = await run(['sign', 'azure', '--account-sas', '--filename', 'a.pdf'], {
      env: AZURE_ENV,
    })
    assert.equal(account.exitCode, 2)
    assert.match(account.stderr, /account/)
  })

  test('--checksum-sha256 binds an upload to its content', async () => {
    const checksum = 'LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564='
    const put = ['sign', 's3', 'put', 'bucket/a', '--json', '--checksum-sha256']
    const { stdout } = await run([...put, checksum], { env: AWS_ENV })
    const { headers } = JSON.parse(stdout) as { headers: Record<string, string> }
    assert.deepEqual(headers, { 'x-amz-checksum-sha256': checksum })
    const wrong = await run([...put, 'abc'], { env: AWS_ENV })
    assert.match(wrong.stderr, /cannot sign: --checksum-sha256 must be/)
  })

  test('says on standard error what else must be sent', async () => {
    const { stdout, stderr } = await run(
      ['sign', 's3', 'put', 'bucket/a.png', '--content-type', 'image/png'],
      { env: AWS_ENV },
    )
    assert.match(stdout, /^https:\S+\n$/)
    assert.equal(stderr, "send with: curl -X PUT -H 'content-type: image/png' …\n")
  })

  test('finds keys and region in the files of the AWS command line', async () => {
    const home = folderOf({
      '.aws/credentials':
        '# mine\n[default]\naws_access_key_id = AKIADEFAULT00000001\naws_secret_access_key=secretsecretsecretsecretsecretsecret0001\n\n[work]\naws_access_key_id=ASIAWORK000000000001\naws_secret_access_key=secretsecretsecretsecretsecretsecret0002\naws_session_token = tok/en+==\n',
      '.aws/config': '[default]\nregion = eu-west-1\n[profile work]\nregion = eu-central-1\n',
    })
    const byDefault = await run(['sign', 's3', 'get', 'bucket/k'], { home })
    assert.match(byDefault.stdout, /eu-west-1.*AKIADEFAULT00000001/)
    for (const setup of [
      { home, env: { AWS_PROFILE: 'work' } },
      { home, env: {} },
    ]) {
      const profile = 'AWS_PROFILE' in setup.env ? [] : ['--profile', 'work']
      const { stdout } = await run(['sign', 's3', 'get', 'bucket/k', ...profile], setup)
      assert.match(
        stdout,
        /eu-central-1.*ASIAWORK000000000001.*X-Amz-Security-Token=tok%2Fen%2B%3D%3D/,
      )
    }
    const missing = await run(['sign', 's3', 'get', 'bucket/k', '--profile', 'home'], {
      home,
      env: { AWS_REGION: 'x' },
    })
    assert.equal(missing.exitCode, 2)
    assert.match(missing.stderr, /no profile home/)
  })

  test('what is missing or wrong is said, with what to do', async () => {
    const cases: readonly (readonly [
      argv: string[],
      env: Record<string, string>,
      message: RegExp,
    ])[] = [
      [['get', 'bucket/k'], {}, /no region. Give --region/],
      [['get', 'bucket/k', '-r', 'us-east-1'], {}, /no AWS credentials. Set AWS_ACCESS_KEY_ID/],
      [['get', '/k'], AWS_ENV, /names no bucket; expected BUCKET\/KEY/],
      [
        ['get', 'bucket/k', '-e', '8d'],
        AWS_ENV,
        /--expires must be a whole number from 1 to 604800/,
      ],
      [['get', 'bucket/k', '-e', 'soon'], AWS_ENV, /Expected a time such as 300, 5m, 1h or 7d/],
      [['g-t', 'bucket/k'], AWS_ENV, /Expected a method such as GET/],
      [['get', 'bucket/k', '-H', 'nonsense'], AWS_ENV, /Expected a header such as/],
      [
        ['get', 'bucket/k', '-q', 'X-Amz-Expires=9'],
        AWS_ENV,
        /cannot sign: --query must not hold X-Amz-Expires/,
      ],
      [['get', 'bucket/k', '-r', 'us east'], AWS_ENV, /cannot sign: --region must be/],
      [['get', 'bucket/k', '--endpoint', 'x'], AWS_ENV, /cannot sign: --endpoint must be/],
      [
        ['get', 'bucket/k'],
        { ...AWS_ENV, AWS_ACCESS_KEY_ID: 'x/y' },
        /cannot sign: AWS_ACCESS_KEY_ID must be/,
      ],
      [['get', 'bucket/k', '--now', 'yesterday'], AWS_ENV, /Expected an ISO time/],
      [['get', 'bucket'], AWS_ENV, /'bucket' names no key; expected BUCKET\/KEY, or --bucket/],
      [['get', 'bucket/'], AWS_ENV, /'bucket\/' names no key; expected BUCKET\/KEY, or --bucket/],
      [['get', '/key'], AWS_ENV, /'\/key' names no bucket; expected BUCKET\/KEY/],
      [['get', 'bucket/k', '--bucket'], AWS_ENV, /'bucket\/k' is no BUCKET, which --bucket wants/],
    ]
    for (const [argv, env, message] of cases) {
      const { exitCode, stderr, stdout } = await run(['sign', 's3', ...argv], { env })
      assert.equal(exitCode, 2, argv.join(' '))
      assert.match(stderr, message)
      assert.equal(stdout, '')
      assert.ok(!stderr.includes(SECRET))
    }
  })
})

test('a bucket or container itself is signed for where that was asked for, and never for a name that was forgotten', async () => {
  const own = { ...AWS_ENV, ...AZURE_ENV, HALLPASS_SECRET: 'hallpass-fake-hmac-secret' }
  const gcs = ['gcs', '--hmac-id', 'GOOG1EFAKE', 'get']
  const cases: readonly (readonly [argv: readonly string[], whole: string, url: RegExp])[] = [
    [['s3', 'get'], '--bucket', /^https:\/\/photos\.s3\.us-east-1\.amazonaws\.com\/\?X-Amz-/],
    [gcs, '--bucket', /^https:\/\/storage\.googleapis\.com\/photos\?X-Goog-/],
    [['azure', '-p', 'rl'], '--container', /\/photos\?sv=.*&sr=c&/],
  ]
  for (const [argv, whole, url] of cases) {
    for (const target of ['photos', 'photos/']) {
      const refused = await run(['sign', ...argv, target], { env: own })
      assert.deepEqual([refused.exitCode, refused.stdout], [2, ''], argv.join(' '))
      assert.match(refused.stderr, new RegExp(`names no \\w+; expected .*, or ${whole} for the`))
    }
    const { stdout } = await run(['sign', ...argv, 'photos', whole], { env: own })
    assert.match(stdout, url)
  }
  const root = await run(['sign', 'azure', 'photos', '--directory'], { env: own })
  assert.match(root.stderr, /names no directory; expected CONTAINER\/DIRECTORY, or --container/)
  for (const flag of ['--container', '--directory']) {
    const account = await run(['sign', 'azure', 'photos', '--account-sas', flag], { env: own })
    assert.equal(account.stderr, `hallpass: --account-sas opens more than ${flag} says.\n`)
  }
})

test('an error names the flag that was typed, in every dialect', async () => {
  const env = { HALLPASS_SECRET: '00112233445566778899aabbccddeeff', ...AZURE_ENV }
  const url = 'https://m.example/a'
  const cases: readonly (readonly [argv: string, message: RegExp])[] = [
    [`akamai ${url} --ip x`, /--ip must be an IPv4 or IPv6 address/],
    [`akamai ${url} --token-name a=b`, /--token-name must be a plain name/],
    [`akamai ${url} --algorithm sha512`, /--algorithm must be sha256, sha1 or md5/],
    [`azure photos/a --ip x`, /--ip must be/],
    [
      `azure photos/a -p r --method put`,
      /--permissions must hold one of these for PUT: create \(c\)/,
    ],
    [`azure photos/a --api-version x`, /--api-version must be/],
    [`azure photos/a --permissions q`, /--permissions must be letters/],
    [`azure --account-sas --services x`, /--services must be letters/],
    [`azure --account-sas --resource-types x`, /--resource-types must be letters/],
    [`bunny ${url} --ip x`, /--ip must be an IPv4 or IPv6 address/],
    [`cloudflare ${url} --separator é`, /--separator must be plain URL characters/],
    [`cloudfront ${url} --key-pair-id =`, /--key-pair-id must be letters and digits/],
    [`cloud-cdn ${url} --key-name =`, /--key-name must be/],
    [`gcs get bucket/o --hmac-id x@ --location é`, /--location must be a location name/],
    [`gcs get bucket/o --hmac-id GOOG1 --bound-origin x`, /--bound-origin must be scheme/],
    [`nginx ${url} --expression $uri`, /--expression must hold \$secure_link_expires/],
    [`swift ${url} --digest md5`, /the URL must be https:\/\/host\/v1\//],
    [`swift https://s.example/v1/A/c/o --ip x`, /--ip must be an address/],
  ]
  for (const [line, message] of cases) {
    const { exitCode, stderr } = await run(['sign', ...line.split(' ')], { env })
    assert.equal(exitCode, 2, line)
    assert.match(stderr, message, line)
  }
})

test('what else must be sent can be pasted into a shell', async () => {
  const argv = ['sign', 's3', 'put', 'bucket/k', '-H', "x-amz-meta-a: it's; rm"]
  const { stderr } = await run(argv, { env: AWS_ENV })
  assert.match(stderr, /-H 'x-amz-meta-a: it'\\''s; rm'/)
})

test('hallpass sign cloudflare makes what the rule of that life takes', async () => {
  const folder = folderOf({ 'rule.key': 'mysecretkey\n' })
  const argv = [
    'cloudflare',
    'https://a.test/x.jpg',
    '--key-file',
    'rule.key',
    '-e',
    '1h',
    '--json',
  ]
  const { stdout } = await run(['sign', ...argv], { cwd: folder })
  const { url, expiresAt } = JSON.parse(stdout) as { url: string; expiresAt: string }
  const { pathname, search } = new URL(url)
  const request = { method: 'GET', target: pathname + search, headers: ['Host', 'a.test'] }
  const verified = verifyCloudflare(request, { keys: ['mysecretkey'], ttlSeconds: 3600, now: NOW })
  assert.equal(verified.expiresAt.toISOString(), expiresAt)
})

suite('what sign makes, verify takes', () => {
  const rsa = pem('rsa')
  const ec = pem('ec')
  const ed25519 = pem('ed25519')
  const folder = folderOf({
    'rsa.pem': rsa.privateKey,
    'rsa.pub': rsa.publicKey,
    'ec.pem': ec.privateKey,
    'ec.pub': ec.publicKey,
    'ed.pem': ed25519.privateKey,
    'ed.pub': ed25519.publicKey,
    'account.json': JSON.stringify({
      type: 'service_account',
      client_email: 'a@p.iam.gserviceaccount.com',
      private_key: rsa.privateKey,
    }),
    'cdn.key': 'aGFsbHBhc3MgZmFrZSAxNg==\n',
    'hex.key': '00112233445566778899aabbccddeeff\n',
    'text.key': 'a long enough secret\n',
    'nginx.json': JSON.stringify([
      {
        dialect: 'nginx',
        expression: '$secure_link_expires$uri $secret',
        secret: 'a long enough secret',
      },
    ]),
    'mixed.json': JSON.stringify({
      keys: [{ dialect: 's3', id: AWS_ENV['AWS_ACCESS_KEY_ID'], secret: SECRET }],
    }),
  })
  const url = 'https://cdn.example.test/v/a.m3u8'
  interface Case {
    readonly name: string
    readonly sign: readonly string[]
    readonly verify?: readonly string[]
    readonly env?: Record<string, string>
    /** What the use of the URL adds to it. */
    readonly suffix?: string
  }
  const cases: readonly Case[] = [
    { name: 's3', sign: ['s3', 'get', 'bucket/a b+c.txt'], env: AWS_ENV },
    {
      name: 's3, another method and a header',
      sign: ['s3', 'put', 'bucket/k', '--content-type', 'a/b'],
      verify: ['--method', 'put', '-H', 'Content-Type: a/b'],
      env: AWS_ENV,
    },
    {
      name: 's3, a key file',
      sign: ['s3', 'head', 'bucket/k'],
      verify: ['--method', 'HEAD', '--keys', 'mixed.json'],
      env: AWS_ENV,
    },
    {
      name: 'gcs, service account',
      sign: ['gcs', 'get', 'bucket/o'],
      env: { GOOGLE_APPLICATION_CREDENTIALS: 'account.json' },
    },
    {
      name: 'gcs, HMAC',
      sign: ['gcs', 'get', 'bucket/o', '--hmac-id', 'GOOGFAKE0001'],
      env: { HALLPASS_SECRET: 'a long enough secret' },
    },
    { name: 'azure, blob', sign: ['azure', 'photos/tom.jpg'], env: AZURE_ENV },
    {
      name: 'azure, container',
      suffix: '&restype=container&comp=list',
      sign: ['azure', 'photos', '--container', '-p', 'rl', '--method', 'get'],
      env: {
        AZURE_STORAGE_CONNECTION_STRING: `AccountName=${AZURE_ENV.AZURE_STORAGE_ACCOUNT};AccountKey=${AZURE_ENV.AZURE_STORAGE_KEY};EndpointSuffix=core.windows.net`,
      },
    },
    {
      name: 'cloudfront, RSA',
      sign: ['cloudfront', url, '--key-pair-id', 'K1', '--key-file', 'rsa.pem'],
      verify: ['--key-file', 'rsa.pub'],
    },
    {
      name: 'cloudfront, P-256, custom',
      sign: [
        'cloudfront',
        url,
        '--key-pair-id',
        'K1',
        '--key-file',
        'ec.pem',
        '--ip',
        '203.0.113.0/24',
      ],
      verify: ['--key-file', 'ec.pub', '--ip', '203.0.113.9'],
    },
    {
      name: 'cloud-cdn',
      sign: ['cloud-cdn', url, '--key-name', 'k', '--key-file', 'cdn.key'],
      verify: ['--key-file', 'cdn.key'],
    },
    {
      name: 'media-cdn',
      sign: ['media-cdn', url, '--key-name', 'k', '--key-file', 'ed.pem'],
      verify: ['--key-file', 'ed.pub'],
    },
    {
      name: 'akamai',
      sign: ['akamai', url, '--key-file', 'hex.key'],
      verify: ['--key-file', 'hex.key'],
    },
    {
      name: 'bunny',
      sign: ['bunny', url, '--key-file', 'text.key'],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'nginx',
      sign: [
        'nginx',
        url,
        '--expression',
        '$secure_link_expires$uri $secret',
        '--key-file',
        'text.key',
      ],
      verify: ['--keys', 'nginx.json'],
    },
    {
      name: 'oss',
      sign: [
        'oss',
        'get',
        'reports/2026/annual report.pdf',
        '--endpoint',
        'https://oss-cn-hangzhou.aliyuncs.com',
        '--key-id',
        'LTAIFAKE0001',
        '--key-file',
        'text.key',
        '-q',
        'response-content-type=text/plain',
      ],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'cos',
      sign: [
        'cos',
        'get',
        '2026/annual report.pdf',
        '--endpoint',
        'https://reports-1250000000.cos.ap-beijing.myqcloud.com',
        '--key-id',
        'AKIDFAKE0001',
        '--key-file',
        'text.key',
      ],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'laravel',
      sign: ['laravel', url, '--key-file', 'text.key'],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'laravel, relative',
      sign: ['laravel', url, '--key-file', 'text.key', '--relative'],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'imgix',
      sign: ['imgix', url, '--key-file', 'text.key'],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'swift',
      sign: ['swift', 'https://swift.example.test/v1/AUTH_a/c/o', '--key-file', 'text.key'],
      verify: ['--key-file', 'text.key'],
    },
    {
      name: 'cloudflare',
      sign: ['cloudflare', url, '--key-file', 'text.key', '-e', '1h'],
      verify: ['--key-file', 'text.key', '--ttl', '1h'],
    },
    {
      name: 'cloudflare, another separator and base64url',
      sign: [
        'cloudflare',
        `${url}?own=1`,
        '--key-file',
        'text.key',
        '--separator',
        '&mac=',
        '--url-safe',
      ],
      verify: ['--key-file', 'text.key', '--ttl', '300', '--separator', '&mac=', '--url-safe'],
    },
  ]
  for (const { name, sign, verify = [], env = {}, suffix = '' } of cases) {
    test(name, async () => {
      const made = await run(['sign', ...sign], { env, cwd: folder })
      assert.equal(made.exitCode, 0, made.stderr)
      const signed = made.stdout.trimEnd() + suffix
      const good = await run(['verify', signed, ...verify], { env, cwd: folder })
      assert.equal(good.exitCode, 0, good.stdout + good.stderr)
      assert.match(good.stdout, /^valid\n/)
      const late = await run(
        ['verify', signed, ...verify, '--now', '2026-03-15T00:00:00Z', '--json'],
        { env, cwd: folder },
      )
      assert.equal(late.exitCode, 1, late.stderr)
      const answer = JSON.parse(late.stdout) as { valid: boolean; code: string }
      assert.deepEqual([answer.valid, answer.code], [false, 'signature-expired'])
      assert.ok(!good.stdout.includes('secret that') && !late.stdout.includes(signed))
    })
  }

  test('an Edgio link, which is not made any more, is verified by its key', async () => {
    const key = 'a key of edgio'
    const keys = folderOf({ 'edgio.key': key })
    const signed = signEdgio({ url: 'https://a.test/x.zip', key, now: NOW, expiresInSeconds: 300 })
    const argv = ['verify', signed, '--key-file', 'edgio.key']
    const good = await run(argv, { cwd: keys })
    assert.equal(good.exitCode, 0, good.stdout + good.stderr)
    const late = await run([...argv, '--now', '2026-03-15T00:00:00Z'], { cwd: keys })
    assert.match(late.stdout, /^refused: signature-expired: /)
  })

  test('a link for Cloudflare cannot be judged without the ttl of its rule', async () => {
    const made = await run(['sign', 'cloudflare', url, '--key-file', 'text.key'], { cwd: folder })
    const argv = ['verify', made.stdout.trimEnd(), '--key-file', 'text.key']
    const { exitCode, stderr } = await run(argv, { cwd: folder })
    assert.equal(exitCode, 2)
    assert.match(stderr, /give the rule's ttl, as in --ttl 5m/)
  })

  test('a changed URL is refused with 1, and the report shows no signature', async () => {
    const made = await run(['sign', 's3', 'get', 'bucket/k'], { env: AWS_ENV })
    const changed = made.stdout.trimEnd().replace('/k?', '/j?')
    const { exitCode, stdout } = await run(['verify', changed], { env: AWS_ENV })
    assert.equal(exitCode, 1)
    assert.match(stdout, /^refused: signature-mismatch: /)
    assert.ok(!/[0-9a-f]{64}/.test(stdout))
  })

  test('requests come as JSON lines too, and a bad line is named without ending the run', async () => {
    const made = await run(['sign', 's3', 'get', 'bucket/k'], { env: AWS_ENV })
    const good = JSON.stringify({ method: 'GET', url: made.stdout.trimEnd() })
    const stdin = `${good}\n{"nothing":1}\n${good}\n`
    const { exitCode, stdout, stderr } = await run(['verify', '--json'], { env: AWS_ENV, stdin })
    assert.equal(exitCode, 2)
    assert.equal(stdout.trimEnd().split('\n').length, 2)
    assert.match(stderr, /line 2 has no url/)
  })

  test('a setting that cannot be is refused by the name of its flag', async () => {
    const url = 'https://m.example/a?__token__=exp=1773484013~acl=/*~hmac=00ff'
    const argv = ['verify', url, '--algorithm', 'sha512']
    const { exitCode, stderr } = await run(argv, { env: { HALLPASS_SECRET: '00112233' } })
    assert.equal(exitCode, 2)
    assert.match(stderr, /cannot verify: --algorithm must be sha256, sha1 or md5\./)
  })

  test('without a key, a URL or a signature it says so', async () => {
    assert.match((await run(['verify', 'https://a.test/'])).stderr, /no key to check with/)
    assert.match((await run(['verify'], { env: AWS_ENV })).stderr, /nothing to verify/)
    const unsigned = await run(['verify', 'https://a.test/'], { env: AWS_ENV })
    assert.equal(unsigned.exitCode, 1)
    assert.match(unsigned.stdout, /signature-missing/)
  })

  test('credentials that cannot be used and were not asked for are named and left out', async () => {
    const made = await run(['sign', 's3', 'get', 'bucket/k'], { env: AWS_ENV })
    const cwd = folderOf({ 'federated.json': '{"type":"external_account"}' })
    const env = { ...AWS_ENV, GOOGLE_APPLICATION_CREDENTIALS: 'federated.json' }
    const { exitCode, stderr } = await run(['verify', made.stdout.trimEnd()], { env, cwd })
    assert.equal(exitCode, 0)
    assert.match(stderr, /not used: federated.json is not the key file of a service account/)
  })

  test('a key file of the wrong form is refused without showing what is in it', async () => {
    const bad = folderOf({
      'a.json': '{"secret":"dontshowme"',
      'b.json': '[{"secret":1}]',
      'c.json': '[{"secrte":"dontshowme"}]',
      'd.json': '[{"dialect":"s4","secret":"dontshowme"}]',
      'e.json': '[{"id":"x"}]',
      'f.json': '"dontshowme"',
    })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'missing']) {
      const { exitCode, stderr } = await run([
        'verify',
        'https://a.test/',
        '--keys',
        join(bad, `${name}.json`),
      ])
      assert.equal(exitCode, name === 'missing' ? 3 : 2)
      assert.ok(!stderr.includes('dontshowme'), stderr)
    }
  })
})
