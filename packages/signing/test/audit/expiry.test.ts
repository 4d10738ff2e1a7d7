import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { audit } from '@hallpass/signing/audit'

const now = new Date('2026-11-28T10:01:00Z')

function findingsOf(path: string, text: string): string[] {
  return audit({ path, text }, { now }).map(({ ruleId, message }) => `${ruleId} ${message}`)
}

function rulesOf(path: string, text: string): string[] {
  return audit({ path, text }, { now }).map(({ ruleId }) => ruleId)
}

const V3 = (expiry: string): string =>
  `getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: ${expiry} })`
const BOTO = (expiry: string): string =>
  `s3.generate_presigned_url("get_object", Params=p, ExpiresIn=${expiry})`

suite('a span in seconds', () => {
  const days = [
    '60 * 60 * 24 * 30',
    '2592000',
    '86400 * 60',
    '7776000',
    '31536000',
    '691200',
    '315360000',
  ]
  for (const expiry of days) {
    test(`${expiry} is a number of days, and too many`, () => {
      const [finding, ...others] = findingsOf('a.ts', V3(expiry))
      assert.match(
        finding ?? '',
        /^HP101 .* signs for \d+ days, .* its service takes 7 days at most/,
      )
      assert.deepEqual(others, [])
      assert.deepEqual(rulesOf('a.py', BOTO(expiry)), ['HP101'])
    })
  }

  for (const expiry of [
    '3600000',
    '900 * 1000',
    '7 * 24 * 60 * 60 * 1000',
    '60 * 60 * 1e3',
    '5_400_000',
  ]) {
    test(`${expiry} is milliseconds`, () => {
      assert.deepEqual(rulesOf('a.ts', V3(expiry)), ['HP102'])
    })
  }

  test('a factor of 1000 counts in a constant too', () => {
    assert.deepEqual(rulesOf('a.ts', `const DAY_MS = 24 * 60 * 60 * 1000\n${V3('DAY_MS * 30')}`), [
      'HP102',
    ])
    assert.deepEqual(rulesOf('a.ts', `const DAY = 24 * 60 * 60\n${V3('DAY * 30')}`), ['HP101'])
    assert.deepEqual(rulesOf('a.py', `DAY = 24 * 60 * 60\n${BOTO('DAY * 30')}`), ['HP101'])
  })

  test('a moment where a span is wanted is in the wrong unit', () => {
    for (const expiry of ['Math.floor(Date.now() / 1000) + 3600', 'Date.now() + 3600 * 1000']) {
      assert.deepEqual(rulesOf('a.ts', V3(expiry)), ['HP102'])
    }
    assert.deepEqual(rulesOf('a.py', BOTO('int(time.time()) + 3600')), ['HP102'])
  })
})

type DateCase = readonly [path: string, expiry: string]

const GOOGLE = (expiry: string): string =>
  `file.getSignedUrl({ version: 'v4', action: 'read', expires: ${expiry} })`
const SAS = (expiry: string): string =>
  `generateBlobSASQueryParameters({ containerName, blobName, permissions: BlobSASPermissions.parse('r'), protocol: SASProtocol.Https, expiresOn: ${expiry} }, credential)`
const BLOB = (expiry: string): string =>
  `blob.generate_signed_url(version="v4", expiration=${expiry}, method="GET")`
const PYTHON_SAS = (expiry: string): string =>
  `generate_blob_sas(account_name=a, container_name=c, blob_name=n, account_key=k, permission="r", protocol="https", expiry=${expiry})`
const PHP_AWS = (expiry: string): string =>
  `$cmd = $s3->getCommand('GetObject', ['Bucket' => $b, 'Key' => $k]);\n$s3->createPresignedRequest($cmd, ${expiry});`
const GO_GOOGLE = (expiry: string): string =>
  `opts := &storage.SignedURLOptions{Scheme: storage.SigningSchemeV4, Method: "GET", Expires: ${expiry}}`

suite('an end written as a date', () => {
  const far: readonly DateCase[] = [
    ['a.ts', GOOGLE("'03-09-2491'")],
    ['a.ts', GOOGLE("'03-17-2500'")],
    ['a.ts', GOOGLE("'12/31/2099'")],
    ['a.ts', GOOGLE("new Date('2099-12-31')")],
    ['a.ts', GOOGLE("new Date('2099-12-31T00:00:00Z').getTime()")],
    ['a.ts', GOOGLE('new Date(2099, 11, 31)')],
    ['a.ts', GOOGLE("Date.parse('2099-12-31')")],
    ['a.ts', GOOGLE('Date.UTC(2099, 11, 31)')],
    ['a.ts', GOOGLE('4102444800000')],
    ['a.ts', GOOGLE('new Date(4102444800000)')],
    ['a.ts', `const END = '2099-12-31'\n${GOOGLE('END')}`],
    ['a.ts', `const END = new Date('2099-12-31')\n${GOOGLE('END')}`],
    ['a.ts', `const end = new Date()\nend.setFullYear(end.getFullYear() + 10)\n${GOOGLE('end')}`],
    ['a.ts', `const end = new Date();\nend.setDate(end.getDate() + 30);\n${SAS('end')}`],
    ['a.ts', SAS("new Date('2099-12-31')")],
    ['a.ts', SAS('new Date(Date.UTC(2099, 0, 1))')],
    ['a.ts', SAS('addDays(new Date(), 30)')],
    ['a.ts', SAS("dayjs().add(1, 'year').toDate()")],
    ['a.ts', "getSignedUrl({ url, keyPairId, privateKey, dateLessThan: '2099-12-31' })"],
    ['a.ts', "getSignedCookies({ url, keyPairId, privateKey, dateLessThan: '2099-12-31' })"],
    ['a.py', BLOB('datetime(2099, 1, 1)')],
    ['a.py', BLOB('datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)')],
    ['a.py', PYTHON_SAS('datetime(2099, 1, 1, 0, 0)')],
    ['a.py', PYTHON_SAS('"2099-12-31T00:00:00Z"')],
    ['a.py', PYTHON_SAS('datetime.fromisoformat("2099-12-31")')],
    ['a.py', PYTHON_SAS('datetime.strptime("2099-12-31", "%Y-%m-%d")')],
    ['a.py', `END = datetime(2099, 1, 1)\n${PYTHON_SAS('END')}`],
    ['a.php', PHP_AWS("'2099-12-31'")],
    ['a.php', PHP_AWS("new \\DateTime('2099-12-31')")],
    ['a.php', PHP_AWS("strtotime('2099-12-31')")],
    ['a.php', PHP_AWS('4102444800')],
    ['a.php', "Storage::temporaryUrl('a.pdf', Carbon::parse('2099-12-31'));"],
    ['a.php', "Storage::temporaryUrl('a.pdf', Carbon::create(2099, 12, 31));"],
    ['a.go', GO_GOOGLE('time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)')],
    ['a.go', GO_GOOGLE('time.Date(2099, time.December, 31, 0, 0, 0, 0, time.UTC)')],
    ['a.go', GO_GOOGLE('time.Unix(4102444800, 0)')],
    ['a.go', GO_GOOGLE('time.Now().AddDate(10, 0, 0)')],
  ]
  for (const [path, text] of far) {
    test(`${path.slice(2)}: ${text.split('\n').at(-1) ?? ''} lies too far away`, () => {
      assert.deepEqual(rulesOf(path, text), ['HP101'])
    })
  }

  const near: readonly DateCase[] = [
    ['a.ts', GOOGLE("'2026-11-28'")],
    ['a.ts', SAS("new Date('2020-01-01')")],
    ['a.ts', SAS('new Date(Date.now() + 15 * 60 * 1000)')],
    ['a.ts', SAS('addMinutes(new Date(), 15)')],
    ['a.ts', SAS("new Date('soon')")],
    ['a.ts', SAS('new Date(expiry)')],
    ['a.py', PYTHON_SAS('datetime(2026, 11, 28)')],
    ['a.py', PYTHON_SAS('datetime(year, month, day)')],
    ['a.php', PHP_AWS("'+20 minutes'")],
    ['a.go', GO_GOOGLE('time.Now().Add(15 * time.Minute)')],
  ]
  for (const [path, text] of near) {
    test(`${path.slice(2)}: ${text.split('\n').at(-1) ?? ''} is no offence`, () => {
      assert.deepEqual(rulesOf(path, text), [])
    })
  }

  test('the finding says which day it is', () => {
    const [finding] = findingsOf('a.ts', GOOGLE("'03-09-2491'"))
    assert.match(finding ?? '', /signs until 2491-03-09, where the policy allows 1 hour/)
  })
})
