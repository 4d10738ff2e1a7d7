import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import {
  DEFAULT_AUDIT_POLICY,
  RULES,
  audit,
  checkLink,
  formatAuditJson,
  formatAuditSarif,
  formatAuditText,
  parseAuditPolicy,
} from '@hallpass/signing/audit'
import type { AuditFinding, AuditPolicy, LinkFacts } from '@hallpass/signing/audit'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { cleanLogLines, cleanSourceLines, secretLines } from '../redact/corpus.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const NOW = new Date('2026-03-14T09:30:00Z')
const LATER = new Date('2026-03-20T00:00:00Z')

function vectorUrl(file: string, id: string): string {
  const { vectors } = JSON.parse(readFileSync(`${ROOT}/vectors/sdk/${file}.json`, 'utf8')) as {
    vectors: { id: string; expected: { url: string } }[]
  }
  return vectors.find((vector) => vector.id === id)?.expected.url ?? ''
}

const S3_GET = vectorUrl('s3-presign', 'key-plain')
const GCS_POST = vectorUrl('gcs-v4', 'rsa-get')
const AZURE = vectorUrl('azure-sas', 'svc-read')
const ACCOUNT_SAS = vectorUrl('azure-sas', 'acct-basic')
const CLOUDFRONT = vectorUrl('cloudfront', 'url-canned')

function run(
  path: string,
  text: string,
  now = NOW,
  policy: Partial<AuditPolicy> = {},
): AuditFinding[] {
  return audit({ path, text }, { now, policy: { ...DEFAULT_AUDIT_POLICY, ...policy } })
}

function rulesOf(findings: readonly AuditFinding[]): string[] {
  return findings.map(({ ruleId }) => ruleId)
}

suite('URLs in text', () => {
  test('a URL that still works is an error, one that has run out is a note', () => {
    assert.deepEqual(rulesOf(run('a.log', S3_GET)), ['HP001'])
    const [finding] = run('a.log', S3_GET, LATER)
    assert.equal(finding?.ruleId, 'HP002')
    assert.equal(finding?.severity, 'note')
  })

  test('a URL whose end only the rule of a zone says is taken for one that still works', () => {
    const value = '1773478800-UtRxvN3sJFrCq9A_cw1vTsv4jXQbxrCNRx-VQWoGzEM'
    const [finding, ...more] = run('a.log', `https://z.test/a.jpg?verify=${value}`, LATER)
    assert.equal(finding?.dialect, 'cloudflare')
    assert.equal(finding.ruleId, 'HP001')
    assert.ok(!JSON.stringify(finding).includes(value))
    assert.deepEqual(more, [])
  })

  test('every wrapping of a URL is found, with its place and dialect', () => {
    const wrappings: readonly (readonly [path: string, text: string])[] = [
      [
        'access.log',
        `203.0.113.7 - - [14/Mar/2026:09:26:53 +0000] "GET ${S3_GET.replace(/^https:..[^/]+/, '')} HTTP/1.1" 200 1`,
      ],
      ['app.log', `{"level":30,"url":${JSON.stringify(S3_GET)}}`],
      ['app.log', JSON.stringify({ msg: JSON.stringify({ url: S3_GET }) })],
      ['go.log', `{"url":${JSON.stringify(S3_GET).replaceAll('&', '\\u0026')}}`],
      ['page.html', `<a href="${S3_GET.replaceAll('&', '&amp;')}">x</a>`],
      ['README.md', `see [the report](${S3_GET}), or ask`],
      ['redirect.log', `GET /go?to=${encodeURIComponent(S3_GET)}&x=1 HTTP/1.1`],
      ['redirect.log', `GET /go?to=${encodeURIComponent(encodeURIComponent(S3_GET))}&x=1 HTTP/1.1`],
      ['config.yaml', `logo: ${S3_GET}`],
      ['client.ts', `const url = '${S3_GET}'`],
      [
        'trace.har',
        JSON.stringify(
          { log: { entries: [{ request: { method: 'GET', url: S3_GET } }] } },
          null,
          2,
        ),
      ],
    ]
    for (const [path, text] of wrappings) {
      const [finding, ...others] = run(path, `first line\n  ${text}\nlast line\n`)
      assert.equal(finding?.ruleId, 'HP001', path + text)
      assert.equal(finding.dialect, 's3')
      assert.ok(finding.line >= 2 && finding.column >= 1)
      assert.deepEqual(
        others.filter(({ ruleId }) => ruleId === 'HP001'),
        [],
        path,
      )
    }
  })

  test('the kind of place comes from the path, or from the commit', () => {
    const places = ['a.log', 'b.har', 'c.ts', 'd.yaml', 'e.md', 'f.bin'].map(
      (path) => run(path, S3_GET)[0]?.place,
    )
    assert.deepEqual(places, [
      'log',
      'HAR file',
      'source',
      'configuration',
      'documentation',
      'text',
    ])
    const [inHistory] = audit({ path: 'c.ts', text: S3_GET, commit: 'abc123' }, { now: NOW })
    assert.equal(inHistory?.place, 'git history')
    assert.equal(inHistory.commit, 'abc123')
  })

  test('expiry, method, transport, scope and bounds are scored', () => {
    assert.ok(rulesOf(run('a.log', S3_GET, NOW, { maxDownloadSeconds: 600 })).includes('HP003'))
    assert.ok(rulesOf(run('a.log', AZURE.replace(/&se=[^&]+/, ''))).includes('HP004'))
    const put = vectorUrl('s3-presign', 'op-put-content-type-unsigned')
    assert.deepEqual(rulesOf(run('a.log', put)), ['HP001', 'HP003', 'HP008', 'HP009'])
    const typed = vectorUrl('s3-presign', 'op-put-content-type-signed')
    assert.ok(!rulesOf(run('a.log', typed)).includes('HP008'))
    assert.ok(rulesOf(run('a.log', AZURE)).includes('HP006'))
    assert.ok(!rulesOf(run('a.log', `${AZURE}&spr=https`)).includes('HP006'))
    assert.ok(rulesOf(run('a.log', ACCOUNT_SAS)).includes('HP010'))
    assert.ok(rulesOf(run('a.log', CLOUDFRONT, NOW, { requireIp: true })).includes('HP007'))
    const version2 =
      'https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIAHALLPASSFAKE0001&Expires=1773484013&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D'
    assert.ok(rulesOf(run('a.log', version2)).includes('HP011'))
  })

  test('the method of an access log line counts where the URL does not tell', () => {
    const line = `"DELETE /b/k?${
      S3_GET.split('?')[1]
        ?.replace(/&x-id=GetObject/, '')
        .replace(/&x-amz-checksum-mode=ENABLED/, '') ?? ''
    } HTTP/1.1" 204`
    assert.ok(rulesOf(run('access.log', line)).includes('HP005'))
  })

  test('a secret outside of a URL is its own finding', () => {
    const text = 'x-amz-security-token: FwoGZXIvYXdzEBYaDFAKEtokenForTests0123456789abcdefXYZ/+=='
    const [finding] = run('a.log', text)
    assert.equal(finding?.ruleId, 'HP012')
    assert.equal(finding.excerpt, 'x-amz-security-token: [redacted]')
  })

  test('the address of a share is its own finding, in whatever a log wraps it', () => {
    const token = '0Vl1nKQy8sWd3YuC6aPg1HiOoZtErB'
    for (const text of [
      `GET /s/${token} HTTP/1.1`,
      `see http://localhost:8787/s/${token}`,
      `{"url":"https:\\/\\/f.example.test\\/s\\/${token}"}`,
    ]) {
      const findings = run('a.log', text)
      assert.deepEqual(
        findings.map(({ ruleId }) => ruleId),
        ['HP013'],
        text,
      )
      assert.ok(!JSON.stringify(findings).includes(token))
    }
  })

  test('lines without secrets give no finding', () => {
    assert.deepEqual(run('a.log', cleanLogLines(3000).join('\n')), [])
    assert.deepEqual(
      rulesOf(run('a.md', cleanSourceLines().join('\n'))).filter((id) => id < 'HP100'),
      [],
    )
  })

  test('no report of the corpus holds a usable URL, in any format', () => {
    const lines = secretLines().filter((_, index) => index % 37 === 0)
    const text = lines.map(({ line }) => line).join('\n')
    const findings = [...run('corpus.log', text), ...run('corpus.ts', text)]
    assert.ok(findings.length > lines.length)
    const reports = [
      formatAuditText(findings),
      formatAuditJson(findings),
      formatAuditSarif(findings, { version: '1' }),
    ]
    for (const { secrets } of lines) {
      for (const secret of secrets) {
        const run8 = /[A-Za-z0-9]{12,}/.exec(secret)?.[0]
        if (run8 === undefined) continue
        for (const report of reports) assert.ok(!report.includes(run8), `${run8} is left`)
      }
    }
  })

  test('a file named after a URL is named without its signature', () => {
    const [finding] = run(`downloads/${S3_GET.slice(S3_GET.lastIndexOf('/') + 1)}`, S3_GET)
    assert.match(finding?.path ?? '', /^downloads\/report\.pdf\?.*X-Amz-Signature=\[redacted\]/)
  })

  test('the fingerprint stays when lines move and differs between files', () => {
    const before = run('a.log', S3_GET)[0]?.fingerprint
    assert.equal(run('a.log', `\n\n${S3_GET}`)[0]?.fingerprint, before)
    assert.notEqual(run('b.log', S3_GET)[0]?.fingerprint, before)
  })
})

suite('servers that log query strings', () => {
  const cases: readonly (readonly [
    title: string,
    path: string,
    text: string,
    rules: readonly string[],
  ])[] = [
    [
      'nginx: $request',
      'nginx.conf',
      `log_format main '$remote_addr "$request" $status';`,
      ['HP201'],
    ],
    [
      'nginx: $args and the referer',
      'nginx.conf',
      `log_format main '$uri?$args "$http_referer"';`,
      ['HP201', 'HP206'],
    ],
    [
      'nginx: the default format',
      'sites/a.conf',
      'server { access_log /var/log/nginx/access.log; }',
      ['HP201'],
    ],
    [
      'nginx: the path only',
      'nginx.conf',
      `log_format main '$remote_addr "$request_method $uri" $request_time';\naccess_log /var/log/a.log main;`,
      [],
    ],
    ['nginx: off, and a comment', 'nginx.conf', 'access_log off;\n# log_format main $request;', []],
    ['Apache: %r', 'httpd.conf', 'LogFormat "%h %l %u %t \\"%r\\" %>s %b" common', ['HP202']],
    ['Apache: %q', 'httpd.conf', 'LogFormat "%h %m %U%q %H" main', ['HP202']],
    [
      'Apache: a built-in name',
      'a.conf',
      'CustomLog ${APACHE_LOG_DIR}/access.log combined',
      ['HP202'],
    ],
    [
      'Apache: the path only',
      'httpd.conf',
      'LogFormat "%h %m %U %H %>s" main\nCustomLog logs/a.log main',
      [],
    ],
    [
      'Caddy: log without a filter',
      'Caddyfile',
      'example.test {\n\tlog {\n\t\toutput file /var/log/a.log\n\t}\n\tfile_server\n}\n',
      ['HP203'],
    ],
    [
      'Caddy: log with a filter',
      'Caddyfile',
      'example.test {\n\tlog {\n\t\tformat filter {\n\t\t\trequest>uri query {\n\t\t\t\treplace X-Amz-Signature REDACTED\n\t\t\t}\n\t\t}\n\t}\n}\n',
      [],
    ],
    ['HAProxy: httplog', 'haproxy.cfg', 'defaults\n    mode http\n    option httplog\n', ['HP204']],
    [
      'HAProxy: %r',
      'haproxy.cfg',
      'frontend web\n    log-format "%ci:%cp %{+Q}r %ST"\n',
      ['HP204'],
    ],
    [
      'HAProxy: the path only',
      'haproxy.cfg',
      'frontend web\n    log-format "%ci:%cp %HM %[path] %ST"\n',
      [],
    ],
    [
      'Envoy: the whole path',
      'envoy.yaml',
      'access_log:\n  text_format: "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%"\n',
      ['HP205'],
    ],
    [
      'Envoy: without the query',
      'envoy.yaml',
      'access_log:\n  text_format: "%REQ(:METHOD)% %PATH(NQ)% %PROTOCOL%"\n',
      [],
    ],
  ]
  for (const [title, path, text, rules] of cases) {
    test(title, () => assert.deepEqual(rulesOf(run(path, text)), rules))
  }
})

suite('the policy', () => {
  test('takes over what a document says and keeps the rest', () => {
    const policy = parseAuditPolicy({
      maxDownloadSeconds: 7200,
      ignore: ['HP002'],
      severities: { HP009: 'note' },
    })
    assert.equal(policy.maxDownloadSeconds, 7200)
    assert.equal(policy.maxUploadSeconds, DEFAULT_AUDIT_POLICY.maxUploadSeconds)
    assert.deepEqual(run('a.log', S3_GET, LATER, policy), [])
    const put = vectorUrl('s3-presign', 'op-put-content-type-unsigned')
    const size = run('a.log', put, NOW, policy).find(({ ruleId }) => ruleId === 'HP009')
    assert.equal(size?.severity, 'note')
  })

  test('refuses what it does not know, and names the member', () => {
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [null, /object/],
      [[], /object/],
      [{ maxExpiry: 1 }, /maxExpiry is unknown/],
      [{ maxDownloadSeconds: '60' }, /maxDownloadSeconds/],
      [{ maxUploadSeconds: 0 }, /maxUploadSeconds/],
      [{ allowedMethods: 'GET' }, /allowedMethods/],
      [{ requireHttps: 1 }, /requireHttps/],
      [{ ignore: ['HP999'] }, /ignore/],
      [{ ignore: ['toString'] }, /ignore/],
      [{ severities: { HP001: 'fatal' } }, /severities.HP001/],
      [{ severities: ['HP001'] }, /severities/],
      [JSON.parse('{"__proto__": 1}'), /__proto__ is unknown/],
    ]
    for (const [document, message] of bad) assert.throws(() => parseAuditPolicy(document), message)
  })

  test('judges bare facts, as a folder that issues links has them', () => {
    const facts: LinkFacts = {
      methods: ['PUT', 'DELETE'],
      lifetimeSeconds: 7200,
      transport: 'http',
      ip: null,
      canBindIp: true,
      bindsContentType: false,
      bindsLength: false,
      scope: 'prefix',
      weakness: null,
    }
    const strict = { ...DEFAULT_AUDIT_POLICY, requireIp: true }
    const hits = checkLink(facts, strict).map(({ ruleId }) => ruleId)
    assert.deepEqual(hits, ['HP003', 'HP005', 'HP006', 'HP007', 'HP008', 'HP009', 'HP010'])
    const endless = checkLink({ ...facts, lifetimeSeconds: Infinity }, strict)
    assert.equal(endless[0]?.ruleId, 'HP004')
    const good: LinkFacts = {
      ...facts,
      methods: ['GET'],
      lifetimeSeconds: 300,
      transport: 'https',
      scope: 'object',
    }
    assert.deepEqual(checkLink(good, DEFAULT_AUDIT_POLICY), [])
  })
})

suite('reports', () => {
  const findings = [
    ...run('logs/a b.log', `${S3_GET}\n${GCS_POST}`),
    ...run('src/\u001b[2Jsign.ts', "s3.getSignedUrl('putObject', { Expires: 60 })"),
  ]

  test('as text a finding is a line compilers would print, and control characters are gone', () => {
    const text = formatAuditText(findings)
    assert.match(text, /^logs\/a b\.log:1:1: error HP001 live-url: /)
    assert.ok(!text.includes('\u001b'))
    assert.match(text, /found \d+ \(error: \d+, warning: \d+, note: \d+\)\n$/)
    assert.equal(formatAuditText([]), 'nothing found\n')
  })

  test('as JSON they are whole', () => {
    const parsed = JSON.parse(formatAuditJson(findings)) as {
      findings: unknown[]
      counts: { error: number }
    }
    assert.equal(parsed.findings.length, findings.length)
    assert.equal(
      parsed.counts.error,
      findings.filter(({ severity }) => severity === 'error').length,
    )
  })

  test('as SARIF 2.1.0 every result names a rule of the run, a level and a region', () => {
    interface Sarif {
      version: string
      runs: {
        tool: { driver: { name: string; version: string; rules: { id: string; name: string }[] } }
        results: {
          ruleId: string
          ruleIndex: number
          level: string
          message: { text: string }
          locations: {
            physicalLocation: {
              artifactLocation: { uri: string }
              region: { startLine: number; startColumn: number }
            }
          }[]
          partialFingerprints: Record<string, string>
        }[]
      }[]
    }
    const log = JSON.parse(formatAuditSarif(findings, { version: '0.1.0' })) as Sarif
    assert.equal(log.version, '2.1.0')
    const [only] = log.runs
    assert.equal(only?.tool.driver.version, '0.1.0')
    assert.equal(only.results.length, findings.length)
    for (const result of only.results) {
      assert.equal(only.tool.driver.rules[result.ruleIndex]?.id, result.ruleId)
      assert.ok(['error', 'warning', 'note'].includes(result.level))
      const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? assert.fail()
      assert.match(artifactLocation.uri, /^(?:logs\/a%20b\.log|src\/%1B%5B2Jsign\.ts)$/)
      assert.ok(region.startLine >= 1 && region.startColumn >= 1)
      assert.match(Object.values(result.partialFingerprints)[0] ?? '', /^[0-9a-f]{32}$/)
    }
  })
})

test('every rule has its paragraph in docs/audit.md, and none is there that does not exist', () => {
  const text = readFileSync(`${ROOT}/docs/audit.md`, 'utf8')
  const documented = [...text.matchAll(/^### (HP\d{3}) ([a-z0-9-]+)$/gm)].map((match) => [
    match[1],
    match[2],
  ])
  assert.deepEqual(
    documented,
    Object.entries(RULES).map(([id, { name }]) => [id, name]),
  )
})

test('no text and no path makes the audit throw', () => {
  const piece = fc.oneof(
    anyText(),
    fc.constantFrom(
      S3_GET,
      AZURE,
      'https%3A%2F%2F',
      '?sig=',
      '&token=',
      'http://',
      '\\u0026',
      '&amp;',
      '%',
      '%E9',
      'log_format x ',
      'getSignedUrl(',
      '{',
      ')',
      '"',
      "'",
      '`',
      '/*',
      '\n',
      'X-Amz-Date=99999999T999999Z',
      '&Expires=99999999999999999',
      'Signature=aaaaaaaaaaaaaaaaaaa1',
      'se=+275760-09-13',
    ),
  )
  const path = fc.constantFrom(
    'a.log',
    'a.ts',
    'a.py',
    'a.php',
    'a.go',
    'nginx.conf',
    'Caddyfile',
    'a.har',
    '',
    '\u0000',
    '\ud800',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), path, (pieces, name) => {
      const findings = run(name, pieces.join(''))
      for (const format of [formatAuditText, formatAuditJson])
        assert.equal(typeof format(findings), 'string')
      assert.equal(typeof formatAuditSarif(findings, { version: '1' }), 'string')
    }),
    { numRuns: 600, seed: 3 },
  )
})

test('what is no input is refused in words', () => {
  for (const value of ['x', null, undefined, {}, { path: 'a.txt' }, { path: 'a.txt', text: 5 }]) {
    assert.throws(() => Reflect.apply(audit, undefined, [value]), {
      name: 'TypeError',
      message: /^input must be \{ path, text \}/,
    })
  }
})
