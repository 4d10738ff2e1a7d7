/** Secrets that lines of logs, programs, plans and terminals wrap, and those that a place gives away and no name. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { REDACTED, redact } from '@hallpass/signing/redact'
import { chunked } from './chunked.ts'

/** `line` with its secret between `«` and `»`; it comes out the same wherever a stream is cut. */
function assertTaken(marked: string): void {
  const line = marked.replaceAll(/[«»]/g, '')
  const expected = marked.replaceAll(/«[^»]*»/g, REDACTED)
  assert.equal(redact(line), expected)
  assert.equal(redact(expected), expected, 'a second time')
  for (let cut = 1; cut < line.length; cut += 1) {
    assert.equal(chunked(line, [cut]), expected, `cut at ${cut}`)
  }
  const every = Array.from(line, (_, index) => index)
  assert.equal(chunked(line, every), expected, 'one character at a time')
}

const BEGIN = '-----BEGIN PRIVATE KEY-----'
const END = '-----END PRIVATE KEY-----'
const BODY = [
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  'ZmFrZTAxMjM0NTY3ODlhYmNkZWZBQkNERUYwMTIzNDU2Nzg5YWJjZGVmQUJDREVG',
  'MDEyMzQ1Njc4OQ==',
]
const LINES = [BEGIN, ...BODY, END]

/** What stands on each line of a key, around it. */
const WRAPPERS: readonly (readonly [
  name: string,
  wrap: (line: string, index: number) => string,
])[] = [
  ['JSON lines of Docker', (line) => `{"log":"${line}\\n","stream":"stdout"}`],
  ['the name of a service', (line) => `api-1  | ${line}`],
  ['the head of syslog', (line) => `Mar 14 09:26:53 host app[123]: ${line}`],
  ['the head of a container’s log', (line) => `2036-03-14T09:26:53.123456789Z stdout F ${line}`],
  ['a quotation', (line) => `> ${line}`],
  ['a comment', (line) => `# ${line}`],
  ['a comment of C', (line) => ` * ${line}`],
  ['a line of a diff that was taken out', (line) => `-${line}`],
  ['a line of a diff that was put in', (line) => `+${line}`],
  ['strings that are added', (line) => `  '${line}\\n' +`],
  ['strings of C', (line) => `  "${line}\\n"`],
  ['a list of strings', (line) => `  "${line}",`],
  ['commands of a shell', (line) => `echo "${line}" >> key.pem`],
  ['a list of YAML', (line) => `  - ${line}`],
  ['where it was found', (line, index) => `key.pem:${index + 1}:${line}`],
  ['the colour of a terminal', (line) => `\u001b[32m${line}\u001b[0m`],
  ['line breaks of HTML', (line) => `${line}<br>`],
  ['messages of a logger', (line) => `{"level":"info","msg":"${line}"}`],
]

suite('redact takes a private key whose lines carry', () => {
  for (const [name, wrap] of WRAPPERS) {
    test(name, () => {
      const text = ['before', ...LINES.map(wrap), 'behind', ''].join('\n')
      const expected = `before\n${wrap(BEGIN + REDACTED + END, 0)}\nbehind\n`
      for (const output of [
        redact(text),
        chunked(text, [100, 150]),
        chunked(
          text,
          Array.from(text, (_, index) => index),
        ),
      ]) {
        for (const line of BODY) assert.ok(!output.includes(line), output)
        // What stands before the key on its first line, and behind it on its last, stays.
        const [head = '', tail = ''] = expected.split(REDACTED)
        assert.ok(
          output.startsWith(head.slice(0, head.indexOf(BEGIN))) && output.includes(tail),
          output,
        )
      }
    })
  }

  test('headers of its encryption, and lines that another program wrote between', () => {
    const own = ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-256-CBC,0123456789ABCDEF', '', ...BODY]
    assertTaken(`${BEGIN}«\n${own.join('\n')}\n»${END}\n`)
    const [first = '', second = '', last = ''] = BODY
    const text = `a | ${BEGIN}\na | ${first}\nb | GET /health 200\na | ${second}\na | ${last}\na | ${END}\n`
    assert.equal(redact(text), `a | ${BEGIN}${REDACTED}${END}\n`)
  })

  test('no last border, as far as its lines go', () => {
    const [first = '', second = ''] = BODY
    const text = `x: ${BEGIN}\nx: ${first}\nx: ${second}\n${'an ordinary line\n'.repeat(9)}`
    assert.equal(redact(text), `x: ${BEGIN}${REDACTED}\n${'an ordinary line\n'.repeat(9)}`)
  })
})

const KEY = 'wJa1rXUtn2FEMIK7MDENGbPxRfiCY3hallpassK9q'
const OTHER = 'zJa1rXUtn2FEMIK7MDENGbPxRfiCY3hallpassK9q'
const BASE64 = 'q7Zk3l9XbW2uT0pV8yHcJrE5nM1sA6dFgKiLoPzQxYw='
const HEX = '3f9a1c7b52d84e6f90ab12cd34ef56a7b8c9d0e1f2031425364758697a8b9cad'

test('keys of an account go under the names a plan gives them, the new value of a change too', () => {
  assertTaken(`      + primary_access_key = "«${BASE64}»"\n`)
  assertTaken(`secondary_access_key             = "«${BASE64}»"`)
  assertTaken(`  ~ secret_key = "«${KEY}»" -> "«${OTHER}»" # forces replacement`)
  assertTaken(`~ primary_access_key = "«${BASE64}»" -> "«${BASE64}»"`)
  assertTaken(`~ "token": "«${KEY}»" -> "«${OTHER}»"`)
})

test('a value in the colours of a terminal goes, and the colours stay', () => {
  const ESC = '\u001b'
  assertTaken(`${ESC}[36msignature${ESC}[0m=${ESC}[33m«${HEX}»${ESC}[0m`)
  assertTaken(`${ESC}[34m"token"${ESC}[0m: ${ESC}[32m"«${KEY}»"${ESC}[0m`)
  assertTaken(`secretAccessKey: ${ESC}[32m'«${KEY}»'${ESC}[39m`)
  assertTaken(`X-Amz-Signature=${ESC}[1;31m«${HEX}»${ESC}[0m`)
  assertTaken(`${ESC}[1;31msig${ESC}[0m: ${ESC}[32m"«${BASE64}»"`)
  assertTaken(`"secretAccessKey: \\u001b[32m'«${KEY}»'\\u001b[39m"`)
})

test('a value in three quotes goes, on the line of its name or the next', () => {
  assertTaken(`secret_key = """«${KEY}»"""`)
  assertTaken(`secret_key = """\n«${KEY}»"""`)
  assertTaken(`secret_key = """\\\n  «${KEY}»"""`)
  assertTaken(`secret_key = '''\n«${KEY}»'''`)
})

test('a value that a program adds to its name goes', () => {
  assertTaken(`url + "&X-Amz-Signature=" + "«${HEX}»"`)
  assertTaken(`'X-Amz-Signature=' + '«${HEX}»'`)
  assertTaken(`"&X-Amz-Signature=" +\n    "«${HEX}»"`)
  assertTaken(`$url . "&Signature=" . "«${BASE64}»"`)
  assertTaken(`"&sig=" "«${BASE64}»"`)
  assertTaken(`url .. "&token=" .. "«${KEY}»"`)
  assertTaken(`"&token=" & "«${KEY}»"`)
})

test('a shared key goes behind the name of its scheme', () => {
  assertTaken(`signed with SharedKey myaccount:«${BASE64}», sent`)
  assertTaken(`SharedKeyLite myaccount:«${BASE64}»`)
})

test('the password of a URL goes, and a token in its place', () => {
  assertTaken('GET https://user:«s3cr3tPassw0rd»@example.test/a')
  assertTaken('DATABASE_URL=postgres://app:«hunter2-hunter»@db:5432/x')
  assertTaken(`s3://AKIDEXAMPLE:«wJa1rXUtn2%2FMIK7»@bucket/key`)
  assertTaken('redis://:«pa55word»@cache:6379')
  assertTaken(`git clone https://«${KEY}»@git.example.test/a/b`)
  assertTaken(String.raw`{"url":"https:\/\/user:«s3cr3tPassw0rd»@example.test\/a"}`)
})

test('the password of a command goes', () => {
  assertTaken('curl -u admin:«S3cr3tPass» https://a.test/')
  assertTaken('curl -uadmin:«S3cr3tPass» https://a.test/')
  assertTaken('curl -su admin:«S3cr3tPass» https://a.test/')
  assertTaken('curl -fsSu "admin:«S3cr3tPass»" https://a.test/')
  assertTaken("curl -s -u 'admin:«S3cr3tPass»' https://a.test/")
  assertTaken('curl --user admin:«S3cr3tPass» https://a.test/')
  assertTaken(
    `curl --aws-sigv4 aws:amz:eu-west-1:s3 \\\n  --user "AKIDEXAMPLE:«${KEY}»" https://a.test/`,
  )
  assertTaken('curl --proxy-user bob:«S3cr3tPass» https://a.test/')
  assertTaken(`mc alias set local http://localhost:9000 AKIDEXAMPLE «${KEY}»`)
  assertTaken(`mc config host add local http://localhost:9000 AKIDEXAMPLE «${KEY}»`)
  assertTaken(`mc alias set local http://localhost:9000 "AKIDEXAMPLE" "«${KEY}»" --api S3v4`)
})

test('credentials go behind Basic where they are some', () => {
  assertTaken(`sent Basic «${btoa('admin:S3cr3tPass')}», refused`)
})
