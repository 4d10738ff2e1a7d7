import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { audit } from '@hallpass/signing/audit'

const now = new Date('2026-11-28T10:01:00Z')

type Case = readonly [title: string, path: string, text: string, rules: readonly string[]]

function runCases(cases: readonly Case[]): void {
  for (const [title, path, text, rules] of cases) {
    test(title, () => {
      assert.deepEqual(
        audit({ path, text }, { now })
          .map(({ ruleId }) => ruleId)
          .toSorted(),
        rules,
      )
    })
  }
}

const V2 = "const signer = new AWS.CloudFront.Signer('K2', process.env.PK)\n"
const BOTOCORE =
  'from botocore.signers import CloudFrontSigner\nsigner = CloudFrontSigner("K2", rsa_signer)\n'
const BUN = 'import { s3, S3Client } from "bun"\n'
const GO_SIGN =
  'import "github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"\nsigner := sign.NewURLSigner(id, key)\n'

suite('signers of CloudFront', () => {
  runCases([
    [
      'v2: milliseconds',
      'a.js',
      `${V2}signer.getSignedUrl({ url, expires: Date.now() + 30000 })`,
      ['HP102'],
    ],
    [
      'v2: a year',
      'a.js',
      `${V2}signer.getSignedUrl({ url, expires: Math.floor(Date.now() / 1000) + 60 * 60 * 24 * 365 })`,
      ['HP101'],
    ],
    [
      'v2: a year, rounded at the end',
      'a.js',
      `${V2}signer.getSignedUrl({ url, expires: Math.floor((Date.now() + 31536000000) / 1000) })`,
      ['HP101'],
    ],
    [
      'v2: milliseconds in a constant',
      'a.js',
      `${V2}const end = Date.now() + 30000\nsigner.getSignedUrl({ url, expires: end })`,
      ['HP102'],
    ],
    [
      'v2: an epoch in milliseconds',
      'a.js',
      `${V2}signer.getSignedUrl({ url, expires: 1795863600000 })`,
      ['HP102'],
    ],
    [
      'v2: good',
      'a.js',
      `${V2}signer.getSignedUrl({ url, expires: Math.round(Date.now() / 1000) + 300 })`,
      [],
    ],
    [
      'v2: cookies for ten years',
      'a.js',
      `${V2}signer.getSignedCookie({ url: 'https://d1.cloudfront.net/a/*', expires: Math.floor(Date.now() / 1000) + 315360000 })`,
      ['HP101'],
    ],
    [
      'v3: a star and plain http',
      'a.ts',
      "getSignedUrl({ url: 'http://d1.cloudfront.net/*', keyPairId, privateKey, dateLessThan: new Date(Date.now() + 60000) })",
      ['HP107', 'HP108'],
    ],
    [
      'botocore: nine years',
      'a.py',
      `${BOTOCORE}signer.generate_presigned_url(url, date_less_than=datetime(2035, 1, 1))`,
      ['HP101'],
    ],
    [
      'botocore: by place',
      'a.py',
      `${BOTOCORE}signer.generate_presigned_url(url, datetime.now() + timedelta(days=30))`,
      ['HP101'],
    ],
    [
      'botocore: good',
      'a.py',
      `${BOTOCORE}signer.generate_presigned_url(url, date_less_than=datetime.utcnow() + timedelta(minutes=15))`,
      [],
    ],
    [
      'botocore: a policy for everything',
      'a.py',
      `${BOTOCORE}policy = signer.build_policy("https://*", date_less_than=datetime(2099, 1, 1))`,
      ['HP101', 'HP107'],
    ],
    [
      'PHP: a list, a year',
      'a.php',
      "$client->getSignedUrl(['url' => $url, 'expires' => time() + 31536000, 'private_key' => $k, 'key_pair_id' => $id]);",
      ['HP101'],
    ],
    [
      'PHP: UrlSigner',
      'a.php',
      'use Aws\\CloudFront\\UrlSigner;\n$signer = new UrlSigner($id, $key);\n$signer->getSignedUrl($url, time() + 604800);',
      ['HP101'],
    ],
    [
      'PHP: cookies, good',
      'a.php',
      "$client->getSignedCookie(['url' => $url, 'expires' => time() + 600]);",
      [],
    ],
    [
      'Go: ten years',
      'a.go',
      `${GO_SIGN}signer.Sign(rawURL, time.Now().AddDate(10, 0, 0))`,
      ['HP101'],
    ],
    ['Go: good', 'a.go', `${GO_SIGN}signer.Sign(rawURL, time.Now().Add(10*time.Minute))`, []],
    ['Go: another Sign', 'a.go', 'presign := 1\nkey.Sign(rand.Reader, digest)', []],
  ])
})

suite("Bun's own client, and Azure's other services", () => {
  runCases([
    [
      'Bun: eight days',
      'a.ts',
      `${BUN}s3.presign("key.txt", { expiresIn: 8 * 24 * 3600 })`,
      ['HP101'],
    ],
    [
      'Bun: an upload of a week',
      'a.ts',
      `${BUN}new S3Client({ bucket: "b" }).file("a.png").presign({ method: "PUT", expiresIn: 604800, acl: "public-read" })`,
      ['HP101', 'HP104', 'HP105'],
    ],
    ['Bun: good', 'a.ts', `${BUN}s3.presign("key.txt", { expiresIn: 300 })`, []],
    [
      'Bun: delete',
      'a.ts',
      `${BUN}s3.presign("key.txt", { expiresIn: 300, method: "DELETE" })`,
      ['HP103'],
    ],
    ['another presign', 'a.ts', 'deck.presign("x", { expiresIn: 999999 })', []],
    [
      'Azure: a queue',
      'a.py',
      'generate_queue_sas(a, q, account_key=k, permission="r", protocol="https", expiry=datetime(2099, 1, 1))',
      ['HP101'],
    ],
    [
      'Azure: a share',
      'a.py',
      'generate_share_sas(a, s, k, permission="r", protocol="https", expiry=e)',
      ['HP107'],
    ],
    [
      'Azure: Go',
      'a.go',
      'client.GetSASURL(sas.BlobPermissions{Read: true, Delete: true}, time.Now().AddDate(1, 0, 0), nil)',
      ['HP101', 'HP103'],
    ],
  ])
})

suite('endpoints on plain http', () => {
  runCases([
    ['AWS v3', 'a.ts', "new S3Client({ endpoint: 'http://storage.example.com:9000' })", ['HP108']],
    [
      'AWS v3, with a default',
      'a.ts',
      "new S3Client({ endpoint: process.env.ENDPOINT ?? 'http://storage.example.com' })",
      ['HP108'],
    ],
    ['boto3', 'a.py', 'boto3.client("s3", endpoint_url="http://storage.example.com")', ['HP108']],
    [
      'PHP',
      'a.php',
      "new S3Client(['endpoint' => 'http://storage.example.com', 'region' => 'a']);",
      ['HP108'],
    ],
    ['Go', 'a.go', 'o.BaseEndpoint = aws.String("http://s3.example.com")', ['HP108']],
    [
      'MinIO in JavaScript',
      'a.js',
      "new Minio.Client({ endPoint: 'play.example.com', useSSL: false })",
      ['HP108'],
    ],
    [
      'MinIO in Python',
      'a.py',
      'client = Minio("play.example.com", access_key=a, secret_key=s, secure=False)',
      ['HP108'],
    ],
    [
      'MinIO in Go',
      'a.go',
      'minio.New("play.example.com", &minio.Options{Creds: c, Secure: false})',
      ['HP108'],
    ],
    ['https', 'a.ts', "new S3Client({ endpoint: 'https://storage.example.com' })", []],
    [
      'the own machine',
      'a.ts',
      "new S3Client({ endpoint: 'http://localhost:9000' })\nnew S3Client({ endpoint: 'http://127.0.0.1:9000' })",
      [],
    ],
    ['a container', 'a.py', 'boto3.client("s3", endpoint_url="http://minio:9000")', []],
    ['a cookie', 'a.js', "const s3 = presign\nres.cookie('a', b, { secure: false })", []],
    ['another endpoint', 'a.js', "const endpoint = 'http://api.example.com/v1'", []],
  ])
})

suite('policies of CloudFront', () => {
  const policy = (resource: string): string =>
    `JSON.stringify({ Statement: [{ Resource: '${resource}', Condition: { DateLessThan: { 'AWS:EpochTime': end } } }] })`
  runCases([
    ['a star alone', 'a.js', policy('*'), ['HP107']],
    ['a star for a scheme', 'a.js', policy('http*://*'), ['HP107', 'HP108']],
    ['a whole distribution', 'a.js', policy('https://d1.cloudfront.net/*'), ['HP107']],
    ['plain http', 'a.js', policy('http://d1.cloudfront.net/a.pdf'), ['HP108']],
    ['one folder', 'a.js', policy('https://d1.cloudfront.net/reports/*'), []],
    [
      'a document',
      'policy.json',
      '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
      ['HP107'],
    ],
    [
      'a policy of IAM',
      'iam.json',
      '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
      [],
    ],
  ])
})

suite('signed URLs written to a log', () => {
  const v3 = 'getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 300 })'
  const boto = "s3.generate_presigned_url('get_object', Params=p, ExpiresIn=300)"
  const go =
    'p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: k}, s3.WithPresignExpires(time.Minute))'
  const php =
    "$cmd = $s3->getCommand('GetObject', []);\n$request = $s3->createPresignedRequest($cmd, '+5 minutes');\n"
  runCases([
    ['console.log', 'a.ts', `const url = await ${v3}\nconsole.log(url)`, ['HP110']],
    [
      'console.log with words',
      'a.ts',
      `const url = await ${v3}\nconsole.log('signed url:', url)`,
      ['HP110'],
    ],
    ['a template', 'a.ts', `const url = await ${v3}\nconsole.debug(\`got \${url}\`)`, ['HP110']],
    ['an object', 'a.ts', `const url = await ${v3}\nlogger.info({ url }, 'signed')`, ['HP110']],
    [
      'a logger of a request',
      'a.ts',
      `const signedUrl = await ${v3};\nreq.log.info({ signedUrl });`,
      ['HP110'],
    ],
    ['in place', 'a.ts', `console.log(await ${v3})`, ['HP110']],
    [
      'under another name',
      'a.ts',
      `const url = await ${v3}\nconst link = url\nlog.warn(link)`,
      ['HP110'],
    ],
    [
      'a list of one, as Google answers',
      'a.ts',
      "const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 60000 })\nconsole.log(url)",
      ['HP110'],
    ],
    ['print', 'a.py', `url = ${boto}\nprint(url)`, ['HP110']],
    ['an f-string', 'a.py', `url = ${boto}\nlogger.info(f"url: {url}")`, ['HP110']],
    ['a format', 'a.py', `url = ${boto}\nlogging.debug("url: %s", url)`, ['HP110']],
    [
      'a logger of the object',
      'a.py',
      `url = ${boto}\nself.logger.info("url %s" % url)`,
      ['HP110'],
    ],
    [
      'PHP: error_log',
      'a.php',
      `${php}$url = (string) $request->getUri();\nerror_log($url);`,
      ['HP110'],
    ],
    [
      'PHP: Laravel',
      'a.php',
      '$url = Storage::temporaryUrl(\'a.pdf\', now()->addMinutes(5));\nLog::info("url $url");',
      ['HP110'],
    ],
    [
      'PHP: a logger',
      'a.php',
      "$url = Storage::temporaryUrl('a.pdf', now()->addMinutes(5));\n$this->logger->info('signed', ['url' => $url]);",
      ['HP110'],
    ],
    ['Go: log', 'a.go', `req, err := ${go}\nlog.Printf("url: %s", req.URL)`, ['HP110']],
    ['Go: fmt', 'a.go', `req, err := ${go}\nfmt.Println(req.URL)`, ['HP110']],
    ['Go: slog', 'a.go', `req, err := ${go}\nslog.Info("signed", "url", req.URL)`, ['HP110']],
    ['not logged', 'a.ts', `const url = await ${v3}\nreturn url`, []],
    ['a word', 'a.ts', `const url = await ${v3}\nconsole.log('made a url for', key)`, []],
    ['redacted', 'a.ts', `const url = await ${v3}\nconsole.log(redact(url))`, []],
    [
      'another function',
      'a.ts',
      `async function sign() {\n  const url = await ${v3}\n  return url\n}\nfunction other(url) {\n  console.log(url)\n}`,
      [],
    ],
    ['the key', 'a.py', `url = ${boto}\nlogger.info("signed %s", key)`, []],
    ['the error', 'a.go', `req, err := ${go}\nlog.Printf("failed: %v", err)`, []],
  ])
})

suite('what stands in the place of a secret', () => {
  for (const text of [
    'https://b.s3.amazonaws.com/k?X-Amz-Date=20261128T100000Z&X-Amz-Expires=60&X-Amz-Signature=REDACTED',
    'https://b.s3.amazonaws.com/k?X-Amz-Date=20261128T100000Z&X-Amz-Expires=60&X-Amz-Signature=[REDACTED]',
    'https://a.blob.core.windows.net/c/b?sv=2025-01-05&se=2026-12-05&sp=r&sr=b&sig=[redacted]',
    'https://a.test/b?token=change-me&x=1',
    'https://a.test/b?sig=5',
    'token: [REDACTED]',
    'AWS_SECRET_ACCESS_KEY=change-me',
    'SECRET_KEY="change-me"',
    'password=change-me',
    'AccountKey=REDACTED;EndpointSuffix=core.windows.net',
    'https://a.test/b?token=YOUR_TOKEN_HERE',
    'https://a.test/b?X-Amz-Signature=<signature>&X-Amz-Expires=60',
  ]) {
    test(`${text} is none`, () => {
      for (const path of ['a.log', '.env', 'README.md', 'a.ts']) {
        assert.deepEqual(audit({ path, text }, { now }), [])
      }
    })
  }
})
