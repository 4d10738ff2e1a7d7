import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { audit, parseAuditPolicy } from '@hallpass/signing/audit'

const now = new Date('2026-03-14T09:30:00Z')
const policy = parseAuditPolicy({ maxDownloadSeconds: 3600, maxUploadSeconds: 900 })

function rulesOf(path: string, text: string): string[] {
  return audit({ path, text }, { now, policy }).map(({ ruleId }) => ruleId)
}

type Case = readonly [title: string, text: string, rules: readonly string[]]

const JAVASCRIPT: readonly Case[] = [
  [
    'v3: a good download',
    'await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 300 })',
    [],
  ],
  [
    'v3: a good upload',
    "getSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ContentType: t, ContentLength: n }), { expiresIn: 600, signableHeaders: new Set(['content-type']) })",
    [],
  ],
  [
    'v3: content type given but not signed',
    'getSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ContentType: t, ContentLength: n }), { expiresIn: 600 })',
    ['HP104'],
  ],
  [
    'v3: a constant of the file, a week',
    'const WEEK = 7 * 24 * 60 * 60\ngetSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: WEEK })',
    ['HP101'],
  ],
  [
    'v3: the command comes from elsewhere, the life does not',
    "import { getSignedUrl } from '@aws-sdk/s3-request-presigner'\nexport const sign = (command) => getSignedUrl(s3, command, { expiresIn: 30 * 86400 })",
    ['HP101'],
  ],
  [
    'v3: a command from elsewhere, signed for minutes',
    "import { getSignedUrl } from '@aws-sdk/s3-request-presigner'\nexport const sign = (command) => getSignedUrl(s3, command, { expiresIn: 300 })",
    [],
  ],
  [
    'v3: a command from elsewhere, written to a log',
    "import { getSignedUrl } from '@aws-sdk/s3-request-presigner'\nconst url = await getSignedUrl(s3, command)\nconsole.log(url)",
    ['HP110'],
  ],
  [
    "a function of that name which is not the SDK's",
    "import { getSignedUrl } from './urls'\ngetSignedUrl(s3, command, { expiresIn: 30 * 86400 })",
    [],
  ],
  [
    'v3: the command is a variable',
    'const command = new DeleteObjectCommand({ Bucket, Key })\ngetSignedUrl(s3, command, { expiresIn: 60 })',
    ['HP103'],
  ],
  [
    'v3: milliseconds',
    'getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 * 60 * 1000 })',
    ['HP102'],
  ],
  [
    'v3: a Date',
    'getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: new Date(Date.now() + 60_000) })',
    ['HP102'],
  ],
  [
    'v3: unknown expiry is not judged',
    'getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: options.ttl })',
    [],
  ],
  [
    'v3: the checksum of an empty body',
    "const s3 = new S3Client({ region })\ngetSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ContentType: t, ContentLength: n }), { expiresIn: 600, signableHeaders: new Set(['content-type']) })",
    ['HP109'],
  ],
  [
    'v3: a client without checksums',
    "const s3 = new S3Client({ region, requestChecksumCalculation: 'WHEN_REQUIRED' })\ngetSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ContentType: t, ContentLength: n }), { expiresIn: 600, signableHeaders: new Set(['content-type']) })",
    [],
  ],
  [
    'v2: an upload without bounds',
    "s3.getSignedUrl('putObject', { Bucket, Key, Expires: 60 })",
    ['HP104', 'HP105'],
  ],
  ['v2: version 2', "new AWS.S3({ signatureVersion: 'v2' })", ['HP106']],
  [
    'POST: good',
    "createPresignedPost(s3, { Bucket, Key, Conditions: [['content-length-range', 1, 10], ['eq', '$Content-Type', 'image/png']], Expires: 600 })",
    [],
  ],
  ['POST: no bounds', 'createPresignedPost(s3, { Bucket, Key })', ['HP104', 'HP105']],
  [
    'Google: good',
    "file.getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 15 * 60 * 1000 })",
    [],
  ],
  [
    'Google: version 2 by default',
    "file.getSignedUrl({ action: 'read', expires: Date.now() + 1000 * 60 })",
    ['HP106'],
  ],
  [
    'Google: seconds where a moment is wanted',
    "file.getSignedUrl({ version: 'v4', action: 'read', expires: 3600 })",
    ['HP102'],
  ],
  [
    'Google: delete',
    "file.getSignedUrl({ version: 'v4', action: 'delete', expires: Date.now() + 60e3 })",
    ['HP103'],
  ],
  [
    'CloudFront: a month',
    'getSignedUrl({ url, keyPairId, privateKey, dateLessThan: new Date(Date.now() + 30 * 24 * 3600 * 1000) })',
    ['HP101'],
  ],
  [
    'Azure: good',
    "generateBlobSASQueryParameters({ containerName, blobName, permissions: BlobSASPermissions.parse('r'), protocol: SASProtocol.Https, expiresOn: new Date(Date.now() + 3600 * 1000) }, credential)",
    [],
  ],
  [
    'Azure: a container, delete, http, a day',
    "generateBlobSASQueryParameters({ containerName, permissions: ContainerSASPermissions.parse('rd'), expiresOn: new Date(Date.now() + 86400 * 1000) }, credential)",
    ['HP101', 'HP103', 'HP107', 'HP108'],
  ],
  [
    'Azure: an account',
    "generateAccountSASQueryParameters({ expiresOn: new Date(Date.now() + 60e3), permissions: AccountSASPermissions.parse('r'), protocol: SASProtocol.Https }, credential)",
    ['HP107'],
  ],
  [
    'MinIO: an upload',
    "client.presignedPutObject('b', 'k', 24 * 60 * 60)",
    ['HP101', 'HP104', 'HP105'],
  ],
  ['MinIO: delete', "client.presignedUrl('DELETE', 'b', 'k', 60)", ['HP103']],
  [
    'comments are no calls',
    '// getSignedUrl(s3, new DeleteObjectCommand({}), {})\n/* createPresignedPost(s3, {}) */',
    [],
  ],
  [
    'strings hold brackets',
    "getSignedUrl(s3, new GetObjectCommand({ Bucket: ')', Key: '(' }), { expiresIn: 86400 })",
    ['HP101'],
  ],
]

const PYTHON: readonly Case[] = [
  [
    'boto3: good',
    "s3.generate_presigned_url('get_object', Params={'Bucket': b, 'Key': k}, ExpiresIn=300)",
    [],
  ],
  [
    'boto3: a good upload',
    "s3.generate_presigned_url('put_object', Params={'Bucket': b, 'Key': k, 'ContentType': t, 'ContentLength': n}, ExpiresIn=300)",
    [],
  ],
  [
    'boto3: an upload without bounds',
    "s3.generate_presigned_url(ClientMethod='put_object', Params={'Bucket': b, 'Key': k}, ExpiresIn=300)",
    ['HP104', 'HP105'],
  ],
  [
    'boto3: a week from a constant',
    "EXPIRY = 7 * 24 * 3600\ns3.generate_presigned_url('get_object', Params=p, ExpiresIn=EXPIRY)",
    ['HP101'],
  ],
  [
    'boto3: delete',
    "s3.generate_presigned_url('delete_object', Params=p, ExpiresIn=60)",
    ['HP103'],
  ],
  [
    'boto3: a timedelta',
    "s3.generate_presigned_url('get_object', Params=p, ExpiresIn=timedelta(hours=1))",
    ['HP102'],
  ],
  ['boto3: version 2', "Config(signature_version='s3')", ['HP106']],
  [
    'boto3: a POST without bounds',
    's3.generate_presigned_post(b, k, ExpiresIn=600)',
    ['HP104', 'HP105'],
  ],
  [
    'boto3: a good POST',
    "s3.generate_presigned_post(b, k, Fields={'Content-Type': t}, Conditions=[['content-length-range', 1, 10], {'Content-Type': t}], ExpiresIn=600)",
    [],
  ],
  [
    'Google: good',
    "blob.generate_signed_url(version='v4', expiration=timedelta(minutes=15), method='GET')",
    [],
  ],
  [
    'Google: version 2, a month',
    'blob.generate_signed_url(expiration=timedelta(days=30))',
    ['HP101', 'HP106'],
  ],
  [
    'Google: an upload',
    "blob.generate_signed_url(version='v4', expiration=600, method='PUT')",
    ['HP104', 'HP105'],
  ],
  [
    'Azure: good',
    "generate_blob_sas(account_name=a, container_name=c, blob_name=n, account_key=k, permission=BlobSasPermissions(read=True), protocol='https', expiry=datetime.utcnow() + timedelta(minutes=30))",
    [],
  ],
  [
    'Azure: delete, http, a day',
    'generate_blob_sas(a, c, n, account_key=k, permission=BlobSasPermissions(read=True, delete=True), expiry=datetime.now(timezone.utc) + timedelta(days=1))',
    ['HP101', 'HP103', 'HP108'],
  ],
  [
    'Azure: a container',
    "generate_container_sas(a, c, account_key=k, permission='r', protocol='https', expiry=e)",
    ['HP107'],
  ],
  [
    'a definition is no call',
    'def generate_presigned_url(operation, ExpiresIn=999999):\n    pass  # generate_presigned_post(b, k)',
    [],
  ],
]

const PHP: readonly Case[] = [
  [
    'AWS: good',
    "$cmd = $s3->getCommand('GetObject', ['Bucket' => $b, 'Key' => $k]);\n$request = $s3->createPresignedRequest($cmd, '+20 minutes');",
    [],
  ],
  [
    'AWS: an upload for a week',
    "$cmd = $client->getCommand('PutObject', ['Bucket' => $b, 'Key' => $k]);\n$client->createPresignedRequest($cmd, '+7 days');",
    ['HP101', 'HP104', 'HP105'],
  ],
  [
    'AWS: a command from elsewhere, for a month',
    "$request = $this->s3->createPresignedRequest($command, '+30 days');",
    ['HP101'],
  ],
  [
    'AWS: delete',
    "$client->createPresignedRequest($client->getCommand('DeleteObject', ['Key' => $k]), '+1 minute');",
    ['HP103'],
  ],
  [
    'AWS: seconds where a moment is wanted',
    "$cmd = $s3->getCommand('GetObject', []);\n$s3->createPresignedRequest($cmd, 3600);",
    ['HP102'],
  ],
  [
    'AWS: a POST without bounds',
    "new PostObjectV4($client, $bucket, $inputs, [['bucket' => $bucket]], '+10 minutes');",
    ['HP104', 'HP105'],
  ],
  [
    'Google: a month',
    "$object->signedUrl(new \\DateTime('+30 days'), ['version' => 'v4']);",
    ['HP101'],
  ],
  ['Google: version 2', "$object->signedUrl(time() + 600, ['version' => 'v2']);", ['HP106']],
  ['Laravel: good', "Storage::temporaryUrl('a.pdf', now()->addMinutes(5));", []],
  ['Laravel: a week', "Storage::disk('s3')->temporaryUrl('a.pdf', now()->addDays(7));", ['HP101']],
]

const GO: readonly Case[] = [
  [
    'v2: good',
    'p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: k}, func(o *s3.PresignOptions) { o.Expires = 15 * time.Minute })',
    [],
  ],
  [
    'v2: an upload for a day',
    'p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: k}, s3.WithPresignExpires(24*time.Hour))',
    ['HP101', 'HP104', 'HP105'],
  ],
  [
    'v2: a good upload, the input is a variable',
    'input := &s3.PutObjectInput{Bucket: b, Key: k, ContentType: t, ContentLength: n}\np.PresignPutObject(ctx, input, s3.WithPresignExpires(5*time.Minute))',
    [],
  ],
  [
    'v2: a bare number',
    'p.PresignGetObject(ctx, in, func(o *s3.PresignOptions) { o.Expires = time.Duration(3600) })',
    ['HP102'],
  ],
  ['v2: delete', 'p.PresignDeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: k})', ['HP103']],
  [
    'v1: two days',
    'req, _ := svc.GetObjectRequest(&s3.GetObjectInput{Bucket: b})\nurl, err := req.Presign(48 * time.Hour)',
    ['HP101'],
  ],
  [
    'Google: no method, and a year',
    'storage.SignedURL(b, k, &storage.SignedURLOptions{Scheme: storage.SigningSchemeV4, Expires: time.Now().Add(365 * 24 * time.Hour)})',
    ['HP101'],
  ],
  [
    'Google: good',
    'bucket.SignedURL(k, &storage.SignedURLOptions{Scheme: storage.SigningSchemeV4, Method: "GET", Expires: time.Now().Add(15 * time.Minute)})',
    [],
  ],
  [
    'Google: an upload with version 2',
    'opts := &storage.SignedURLOptions{Method: "PUT", Expires: time.Now().Add(time.Minute)}',
    ['HP104', 'HP105', 'HP106'],
  ],
  ['MinIO: a week', 'c.PresignedGetObject(ctx, b, k, time.Hour*24*7, params)', ['HP101']],
  [
    'Azure: a container on http',
    'sas.BlobSignatureValues{ExpiryTime: time.Now().UTC().Add(time.Hour), ContainerName: c, Permissions: to.Ptr(sas.ContainerPermissions{Read: true}).String()}',
    ['HP107', 'HP108'],
  ],
]

const LANGUAGES: readonly (readonly [path: string, cases: readonly Case[]])[] = [
  ['src/sign.ts', JAVASCRIPT],
  ['app/sign.py', PYTHON],
  ['src/Sign.php', PHP],
  ['cmd/sign.go', GO],
]

for (const [path, cases] of LANGUAGES) {
  suite(`calls in ${path.slice(path.lastIndexOf('.') + 1)}`, () => {
    for (const [title, text, rules] of cases) {
      test(title, () => assert.deepEqual(rulesOf(path, text).toSorted(), rules))
    }
  })
}
