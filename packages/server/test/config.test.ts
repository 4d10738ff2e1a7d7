import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, formatConfig, readConfig } from '../src/config.ts'
import type { Config, ConfigSources } from '../src/config.ts'
import { SETTINGS, SETTING_NAMES } from '../src/config/settings.ts'

const GOOD_SECRET = 'q7Fz2LwB9xTnV4mKp8RsYc3HdJ6gAe1U'

function read(sources: Partial<ConfigSources> & { files?: Record<string, string> } = {}): Config {
  const files = sources.files ?? {}
  return readConfig({
    env: {},
    flags: {},
    configFile: null,
    cwd: '/srv/hallpass',
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' })
      return text
    },
    ...sources,
  })
}

function problemsOf(sources: Parameters<typeof read>[0]): string {
  try {
    read(sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n')
    throw error
  }
  return assert.fail('the settings were accepted')
}

test('without any source every setting has its documented default, and the result is frozen', () => {
  const config = read()
  assert.equal(config.dataDir, '/srv/hallpass/data')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8787)
  assert.equal(config.region, 'us-east-1')
  assert.equal(config.workers, 1)
  assert.equal(config.logLevel, 'info')
  assert.equal(config.publicUrl, null)
  assert.ok(Object.isFrozen(config))
})

test('a flag wins over the environment, which wins over the config file', () => {
  const files = { '/srv/hallpass/h.json': '{"port": 1, "host": "a", "region": "eu-west-1"}' }
  const env = { HALLPASS_PORT: '2', HALLPASS_HOST: 'b' }
  const config = read({ flags: { port: '3' }, env, configFile: 'h.json', files })
  assert.equal(config.port, 3)
  assert.equal(config.host, 'b')
  assert.equal(config.region, 'eu-west-1')
})

test('every setting can be given in each of the three ways', () => {
  const texts: Record<string, string> = {
    dataDir: '/d',
    host: '::1',
    port: '9',
    publicUrl: 'https://files.example.com',
    filesUrl: 'https://content.example.com',
    domain: 'content.example.com',
    trustedProxies: '10.0.0.0/8, 2001:db8::1',
    corsOrigins: 'https://app.example.com',
    region: 'r',
    adminKey: GOOD_SECRET,
    accessKeyId: 'HPME',
    secretAccessKey: GOOD_SECRET,
    workers: '2',
    databaseUrl: 'sqlite:/d/c.db',
    logLevel: 'warn',
  }
  const env = Object.fromEntries(SETTING_NAMES.map((name) => [SETTINGS[name].env, texts[name]]))
  const shown = formatConfig(read({ env }))
  assert.equal(formatConfig(read({ flags: texts })), shown)
  const files = { '/srv/hallpass/h.json': JSON.stringify(texts) }
  assert.equal(formatConfig(read({ configFile: 'h.json', files })), shown)
})

test('secrets are read from files, and a last line break is not part of them', () => {
  const files = { '/run/key': `${GOOD_SECRET}\n` }
  const config = read({ env: { HALLPASS_ADMIN_KEY_FILE: '/run/key' }, files })
  assert.equal(config.adminKey?.reveal(), GOOD_SECRET)
  const flagged = read({ flags: { adminKeyFile: '/run/key' }, files })
  assert.equal(flagged.adminKey?.reveal(), GOOD_SECRET)
})

test('a secret given twice is refused, because nobody could say which one counts', () => {
  const env = { HALLPASS_ADMIN_KEY: GOOD_SECRET, HALLPASS_ADMIN_KEY_FILE: '/run/key' }
  const problems = problemsOf({ env, files: { '/run/key': GOOD_SECRET } })
  assert.match(problems, /HALLPASS_ADMIN_KEY and HALLPASS_ADMIN_KEY_FILE are both given/)
})

test('unknown variables, keys and flags are refused by name', () => {
  assert.match(problemsOf({ env: { HALLPASS_DATADIR: 'x' } }), /^HALLPASS_DATADIR is not a setting/)
  assert.match(problemsOf({ flags: { speed: '9' } }), /^speed is not a setting/)
  const files = { '/srv/hallpass/h.json': '{"prot": 1, "__proto__": 2}' }
  const problems = problemsOf({ configFile: 'h.json', files })
  assert.match(problems, /^prot in h\.json is not a setting/)
  assert.match(problems, /adminKeyFile/)
  assert.match(problems, /^__proto__ in h\.json is not a setting/m)
})

test('wrong values are refused with the name of the setting and what was expected', () => {
  const refused: [string, string, RegExp][] = [
    ['HALLPASS_PORT', '65536', /HALLPASS_PORT is not a whole number from 0 to 65535/],
    ['HALLPASS_PORT', '1e3', /HALLPASS_PORT is not a whole number/],
    ['HALLPASS_PORT', ' 80', /HALLPASS_PORT is not a whole number/],
    ['HALLPASS_WORKERS', '0', /HALLPASS_WORKERS is not a whole number from 1/],
    ['HALLPASS_HOST', 'a b', /HALLPASS_HOST is not a host name/],
    ['HALLPASS_PUBLIC_URL', 'files.example.com', /HALLPASS_PUBLIC_URL is not an http/],
    ['HALLPASS_PUBLIC_URL', 'https://x/files', /without a path/],
    ['HALLPASS_PUBLIC_URL', 'https://u:p@x', /user name/],
    ['HALLPASS_DOMAIN', 'files.example.com:80', /HALLPASS_DOMAIN is not a host name/],
    ['HALLPASS_CORS_ORIGINS', 'https://a.test/', /HALLPASS_CORS_ORIGINS must end each origin/],
    ['HALLPASS_REGION', 'EU', /HALLPASS_REGION must be/],
    ['HALLPASS_LOG_LEVEL', 'loud', /HALLPASS_LOG_LEVEL is not one of trace, debug/],
    ['HALLPASS_DATABASE_URL', 'catalog.db', /has no scheme/],
  ]
  for (const [name, value, problem] of refused) {
    assert.match(problemsOf({ env: { [name]: value } }), problem, `${name}=${value}`)
  }
})

test('a database is SQLite or PostgreSQL, and what its URL says is not shown', () => {
  const url = 'postgres://app:hunter2secret@db/hallpass'
  const config = read({ env: { HALLPASS_DATABASE_URL: url } })
  assert.equal(config.databaseUrl, url)
  assert.doesNotMatch(formatConfig(config), /hunter2secret/)
  const wrong = ['mysql://app:hunter2secret@db/x', 'postgres://app:hunter2secret@db', 'postgres:x']
  for (const value of wrong) {
    const problems = problemsOf({ env: { HALLPASS_DATABASE_URL: value } })
    assert.match(problems, /postgres:\/\//)
    assert.doesNotMatch(problems, /hunter2secret/)
  }
})

test('short, even and published secrets are refused, and never quoted', () => {
  const weak = [
    'minioadmin',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'minioadminminioadminminioadminminioadmin',
    'a'.repeat(64),
    GOOD_SECRET.slice(1),
    `${GOOD_SECRET} `,
    `${GOOD_SECRET}é`,
  ]
  for (const secret of weak) {
    for (const name of ['HALLPASS_ADMIN_KEY', 'HALLPASS_SECRET_ACCESS_KEY']) {
      const problems = problemsOf({ env: { [name]: secret, HALLPASS_ACCESS_KEY_ID: 'HPME' } })
      assert.match(problems, new RegExp(`^${name} is refused: `), secret)
      assert.ok(!problems.includes(secret), 'the message quotes the secret')
    }
  }
})

test('published access key ids are refused', () => {
  for (const id of ['minioadmin', 'AKIAIOSFODNN7EXAMPLE', 'admin', 'a/b']) {
    const env = { HALLPASS_ACCESS_KEY_ID: id, HALLPASS_SECRET_ACCESS_KEY: GOOD_SECRET }
    assert.match(problemsOf({ env }), /^HALLPASS_ACCESS_KEY_ID is refused: /, id)
  }
})

test('a host of digits that is no address in full is refused', () => {
  for (const host of ['127.1', '2130706433', '010.0.0.1', '0x7f.1', '0x7f000001', 'a%b', 'ab:cd']) {
    assert.match(problemsOf({ env: { HALLPASS_HOST: host } }), /^HALLPASS_HOST is not /, host)
  }
  for (const host of ['127.0.0.1', '::1', '[::1]', 'fe80::1%eth0', 'files-1.internal', '::']) {
    assert.equal(read({ env: { HALLPASS_HOST: host } }).host, host.replace(/^\[|\]$/g, ''))
  }
  assert.match(
    problemsOf({ env: { HALLPASS_PUBLIC_URL: 'http://127.1' } }),
    /in full: 127\.0\.0\.1/,
  )
})

test('trusted proxies are addresses and ranges, written out in full', () => {
  const config = read({ env: { HALLPASS_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,2001:db8::/32' } })
  assert.deepEqual(config.trustedProxies, ['127.0.0.1/32', '10.0.0.0/8', '2001:db8::/32'])
  for (const list of [
    '',
    '10.0.0.0/8,',
    'localhost',
    '010.0.0.0/8',
    '127.1',
    'fe80::1%eth0',
    '*',
  ]) {
    if (list === '') continue
    const problems = problemsOf({ env: { HALLPASS_TRUSTED_PROXIES: list } })
    assert.match(problems, /^HALLPASS_TRUSTED_PROXIES is not a list of IP addresses or CIDR/, list)
  }
})

test('a domain that makes a bucket of the public host, and the REST API unreachable, is refused', () => {
  const publicUrl = 'https://files.example.com'
  const refused = [
    { HALLPASS_PUBLIC_URL: publicUrl, HALLPASS_DOMAIN: 'example.com' },
    { HALLPASS_PUBLIC_URL: publicUrl, HALLPASS_DOMAIN: 'com' },
    { HALLPASS_HOST: 'files.example.com', HALLPASS_DOMAIN: 'example.com' },
  ]
  for (const env of refused) {
    assert.match(
      problemsOf({ env }),
      /would make a bucket of files\.example\.com, and the REST API/,
    )
  }
  for (const domain of ['files.example.com', 'other.example.com', 'les.example.com']) {
    read({ env: { HALLPASS_PUBLIC_URL: publicUrl, HALLPASS_DOMAIN: domain } })
  }
  const split = { HALLPASS_PUBLIC_URL: publicUrl, HALLPASS_FILES_URL: 'https://cdn.example.net' }
  assert.match(
    problemsOf({ env: { ...split, HALLPASS_DOMAIN: 'example.net' } }),
    /no link would work/,
  )
  read({ env: { ...split, HALLPASS_DOMAIN: 'cdn.example.net' } })
})

test('files get another host than the public one, or none of their own', () => {
  const files = 'https://files.example.com'
  assert.match(problemsOf({ env: { HALLPASS_FILES_URL: files } }), /needs HALLPASS_PUBLIC_URL/)
  for (const other of [files, `${files}:8443`, 'http://files.example.com']) {
    const env = { HALLPASS_PUBLIC_URL: files, HALLPASS_FILES_URL: other }
    assert.match(problemsOf({ env }), /must have another host name/, other)
  }
})

test('settings that do not go together are named as they were typed', () => {
  const pair = problemsOf({ flags: { accessKeyId: 'HPME' } })
  assert.equal(pair, '--access-key-id and HALLPASS_SECRET_ACCESS_KEY must be set together.')
  const files = problemsOf({ flags: { filesUrl: 'https://files.example.com' } })
  assert.match(files, /^--files-url needs HALLPASS_PUBLIC_URL/)
})

test('half a key pair is refused', () => {
  assert.match(problemsOf({ env: { HALLPASS_ACCESS_KEY_ID: 'HPME' } }), /must be set together/)
})

test('a config file that is broken is refused without quoting it', () => {
  const files = { '/srv/hallpass/h.json': `{"adminKey": "${GOOD_SECRET}"` }
  const problems = problemsOf({ configFile: 'h.json', files })
  assert.equal(problems, 'h.json is not valid JSON.')
  assert.match(problemsOf({ configFile: 'none.json' }), /none\.json cannot be read \(ENOENT\)/)
  const array = { '/srv/hallpass/h.json': '[]' }
  assert.match(problemsOf({ configFile: 'h.json', files: array }), /not a JSON object/)
  const nested = { '/srv/hallpass/h.json': '{"port": {"x": 1}}' }
  assert.match(problemsOf({ configFile: 'h.json', files: nested }), /port in h\.json is neither/)
  const list = { '/srv/hallpass/h.json': '{"trustedProxies": ["10.0.0.1"]}' }
  assert.match(problemsOf({ configFile: 'h.json', files: list }), /as text with commas between/)
})

test('what is JSON in a variable is JSON in a config file, too', () => {
  const settings = {
    tokenIssuer: 'https://auth.example.com/',
    tokenAudience: 'files',
    tokenKeysUrl: 'https://auth.example.com/jwks',
    tokenRules: [{ path: 'acme/{sub}/**', actions: ['read'] }],
    oidcIssuer: 'https://id.example.com',
    oidcClientId: 'hallpass',
    oidcGroups: [{ group: 'ops', actions: ['read'] }],
  }
  const files = { '/srv/hallpass/h.json': JSON.stringify(settings) }
  const config = read({ configFile: 'h.json', files })
  assert.equal(config.tokenRules?.length, 1)
  assert.equal(config.oidcGroups?.[0]?.group, 'ops')
})

test('the printed settings show that a secret is set and nothing of it', () => {
  const config = read({ env: { HALLPASS_ADMIN_KEY: GOOD_SECRET } })
  const shown = JSON.parse(formatConfig(config)) as Record<string, unknown>
  assert.equal(shown['adminKey'], '[secret]')
  assert.equal(shown['secretAccessKey'], null)
  assert.deepEqual(Object.keys(shown), SETTING_NAMES)
  assert.ok(!JSON.stringify(config).includes(GOOD_SECRET))
})
