/**
 * How programs print the pairs of a query, a form or a header, in every language that people paste logs of; and the secrets such
 * pairs hold. A form is a function of a name and a value, so what should be left of it is the form of `[redacted]`.
 */

export type PrintedForm = readonly [title: string, print: (name: string, value: string) => string]

/** Forms in which the name and the value are tied by a sign or by quotes. */
export const PRINTED_FORMS: readonly PrintedForm[] = [
  ['JSON object', (n, v) => `{"sv":"2025-01-05","${n}":"${v}","x":1}`],
  ['JSON object, spaced', (n, v) => `{ "sv": "2025-01-05", "${n}": "${v}" }`],
  ['JSON object, value on the next line', (n, v) => `{\n  "${n}":\n    "${v}"\n}`],
  ['JSON list value', (n, v) => `{"sv":["a"],"${n}":["${v}"]}`],
  ['JSON list value, indented', (n, v) => `{\n  "${n}": [\n    "${v}"\n  ]\n}`],
  ['JSON pairs', (n, v) => `[["sv","2025-01-05"],["${n}","${v}"]]`],
  ['JSON pairs, indented', (n, v) => `[\n  [\n    "${n}",\n    "${v}"\n  ]\n]`],
  ['JSON flat list', (n, v) => `["sv","2025-01-05","${n}","${v}","se","x"]`],
  ['HAR', (n, v) => `"queryString":[{"name":"${n}","value":"${v}"}]`],
  ['HAR, indented', (n, v) => `{\n  "name": "${n}",\n  "value": "${v}"\n}`],
  ['HAR, with a comment', (n, v) => `{"name":"${n}","comment":"","value":"${v}"}`],
  ['HAR, value first', (n, v) => `{"value":"${v}","name":"${n}"}`],
  ['Postman', (n, v) => `{"key":"${n}","value":"${v}","disabled":false}`],
  ['Postman, value first', (n, v) => `{ "value": "${v}", "key": "${n}" }`],
  ['OpenTelemetry', (n, v) => `{"key":"${n}","value":{"stringValue":"${v}"}}`],
  ['DynamoDB', (n, v) => `{"${n}":{"S":"${v}"}}`],
  ['Python dict', (n, v) => `{'sv': '2025-01-05', '${n}': '${v}'}`],
  ['Python dict of lists', (n, v) => `{'sv': ['a'], '${n}': ['${v}']}`],
  ['Python tuples', (n, v) => `[('sv', '2025-01-05'), ('${n}', '${v}')]`],
  ['Python bytes', (n, v) => `[(b'sv', b'2025-01-05'), (b'${n}', b'${v}')]`],
  ['Python dict of bytes', (n, v) => `{b'${n}': [b'${v}']}`],
  ['Python MultiDict', (n, v) => `<MultiDict('${n}': '${v}')>`],
  ['Python QueryDict', (n, v) => `<QueryDict: {'${n}': ['${v}']}>`],
  ['Python ImmutableMultiDict', (n, v) => `ImmutableMultiDict([('${n}', '${v}')])`],
  ['Node pairs', (n, v) => `[ [ 'sv', '2025-01-05' ], [ '${n}', '${v}' ] ]`],
  ['Node pairs on lines', (n, v) => `[\n  [\n    '${n}',\n    '${v}'\n  ]\n]`],
  ['Node object on lines', (n, v) => `{\n  '${n}':\n   '${v}'\n}`],
  ['Node URLSearchParams', (n, v) => `URLSearchParams { 'sv' => '2025-01-05', '${n}' => '${v}' }`],
  ['Node Map', (n, v) => `Map(1) { '${n}' => '${v}' }`],
  ['Node Map of lists', (n, v) => `Map(1) { '${n}' => [ '${v}' ] }`],
  [
    'Node rawHeaders',
    (n, v) => `rawHeaders: [\n    'Host',\n    'a.test',\n    '${n}',\n    '${v}'\n  ]`,
  ],
  ['Go map', (n, v) => `map[se:[x] ${n}:[${v}] sv:[2025-01-05]]`],
  ['Go map of strings', (n, v) => `map[${n}:${v} sv:2025-01-05]`],
  ['Go-syntax map', (n, v) => `map[string]string{"sv":"2025-01-05", "${n}":"${v}"}`],
  ['Go-syntax url.Values', (n, v) => `url.Values{"${n}":[]string{"${v}"}}`],
  ['Go struct', (n, v) => `{Name:${n} Value:${v}}`],
  ['Go-syntax struct', (n, v) => `main.Pair{Name:"${n}", Value:"${v}"}`],
  ['Go quoted pair', (n, v) => `{"${n}" "${v}"}`],
  ['Java map', (n, v) => `{sv=2025-01-05, ${n}=${v}, se=x}`],
  ['Java map of lists', (n, v) => `{sv=[a], ${n}=[${v}]}`],
  ['Java pairs', (n, v) => `[sv=2025-01-05, ${n}=${v}]`],
  ['Java headers', (n, v) => `[${n}:"${v}", Accept:"*/*"]`],
  ['Groovy map', (n, v) => `[sv:2025-01-05, ${n}:${v}]`],
  ['Kotlin Pair', (n, v) => `[(sv, 2025-01-05), (${n}, ${v})]`],
  ['Kotlin data class', (n, v) => `Parameter(name=${n}, value=${v})`],
  ['Scala Map', (n, v) => `Map(sv -> 2025-01-05, ${n} -> ${v})`],
  ['Scala Map of lists', (n, v) => `Map(${n} -> List(${v}))`],
  ['Scala query', (n, v) => `Query(Vector((${n},Some(${v}))))`],
  ['C# KeyValuePair', (n, v) => `[${n}, ${v}]`],
  ['C# dictionary entry', (n, v) => `{[${n}, ${v}]}`],
  ['C# anonymous object', (n, v) => `{ Key = ${n}, Value = ${v} }`],
  ['Ruby hash', (n, v) => `{"sv"=>"2025-01-05", "${n}"=>"${v}"}`],
  ['Ruby hash, spaced', (n, v) => `{"sv" => "2025-01-05", "${n}" => "${v}"}`],
  ['Ruby hash of lists', (n, v) => `{"${n}"=>["${v}"]}`],
  ['Ruby pp', (n, v) => `{"${n}"=>\n  "${v}"}`],
  ['Ruby pairs', (n, v) => `[["sv", "2025-01-05"], ["${n}", "${v}"]]`],
  ['Ruby name and value', (n, v) => `{:name=>"${n}", :value=>"${v}"}`],
  ['PHP print_r', (n, v) => `Array\n(\n    [sv] => 2025-01-05\n    [${n}] => ${v}\n)\n`],
  [
    'PHP print_r of headers',
    (n, v) => `    [${n}] => Array\n        (\n            [0] => ${v}\n        )\n`,
  ],
  ['PHP var_dump', (n, v) => `array(1) {\n  ["${n}"]=>\n  string(${v.length}) "${v}"\n}`],
  [
    'PHP var_dump of headers',
    (n, v) => `  ["${n}"]=>\n  array(1) {\n    [0]=>\n    string(64) "${v}"\n  }`,
  ],
  ['PHP var_export', (n, v) => `array (\n  'sv' => '2025-01-05',\n  '${n}' => '${v}',\n)`],
  ['PHP var_export of headers', (n, v) => `  '${n}' => \n  array (\n    0 => '${v}',\n  ),`],
  ['PHP short array', (n, v) => `['${n}' => '${v}']`],
  ['Perl Data::Dumper', (n, v) => `$VAR1 = {\n          '${n}' => '${v}'\n        };`],
  ['Lua table', (n, v) => `{ ["${n}"] = "${v}" }`],
  ['Rust tuples', (n, v) => `[("sv", "2025-01-05"), ("${n}", "${v}")]`],
  ['Rust map', (n, v) => `{"${n}": "${v}"}`],
  ['Rust Option', (n, v) => `{"${n}": Some("${v}")}`],
  ['Rust struct', (n, v) => `Pair { name: "${n}", value: "${v}" }`],
  ['Swift dictionary', (n, v) => `["sv": "2025-01-05", "${n}": "${v}"]`],
  ['Swift Optional', (n, v) => `["${n}": Optional("${v}")]`],
  ['Swift query item', (n, v) => `name: "${n}", value: Optional("${v}")`],
  ['Elixir map', (n, v) => `%{"${n}" => "${v}"}`],
  ['Elixir tuples', (n, v) => `[{"sv", "2025-01-05"}, {"${n}", "${v}"}]`],
  ['Erlang binaries', (n, v) => `[{<<"sv">>,<<"2025-01-05">>},{<<"${n}">>,<<"${v}">>}]`],
  ['Erlang map', (n, v) => `#{<<"${n}">> => <<"${v}">>}`],
  ['Clojure map', (n, v) => `{"${n}" "${v}"}`],
  ['Haskell pairs', (n, v) => `[("sv","2025-01-05"),("${n}",Just "${v}")]`],
  ['YAML', (n, v) => `params:\n  sv: 2025-01-05\n  ${n}: ${v}\n`],
  ['YAML, quoted', (n, v) => `  ${n}: "${v}"`],
  ['YAML list', (n, v) => `      ${n}:\n      - ${v}\n      Host:\n      - a.test\n`],
  ['YAML list, quoted', (n, v) => `      ${n}:\n        - "${v}"\n`],
  ['YAML folded', (n, v) => `  ${n}: >-\n    ${v}\n`],
  ['YAML literal', (n, v) => `  ${n}: |\n    ${v}\n`],
  ['YAML, next line', (n, v) => `  ${n}:\n    ${v}\n`],
  ['YAML tagged', (n, v) => `  ${n}: !!str ${v}\n`],
  ['YAML pairs', (n, v) => `- - ${n}\n  - ${v}\n`],
  ['YAML name and value', (n, v) => `- name: ${n}\n  value: ${v}\n`],
  ['TOML', (n, v) => `${n} = "${v}"`],
  ['XML attributes', (n, v) => `<param name="${n}" value="${v}"/>`],
  ['XML element of a name', (n, v) => `<param name="${n}">${v}</param>`],
  ['XML entry', (n, v) => `<entry key="${n}">${v}</entry>`],
  ['XML CDATA', (n, v) => `<param name="${n}"><![CDATA[${v}]]></param>`],
  ['XML name and value', (n, v) => `<member><name>${n}</name><value>${v}</value></member>`],
  ['XML-RPC', (n, v) => `<name>${n}</name>\n<value><string>${v}</string></value>`],
  ['property list', (n, v) => `<key>${n}</key>\n\t<string>${v}</string>`],
  ['HTML table', (n, v) => `<tr><td>${n}</td><td>${v}</td></tr>`],
  ['HTML definition', (n, v) => `<dt>${n}</dt>\n<dd>${v}</dd>`],
  ['HTML input', (n, v) => `<input type="hidden" name="${n}" value="${v}">`],
  ['HTML input with an id', (n, v) => `<input name="${n}" id="f1" type="hidden" value="${v}">`],
  ['Markdown table', (n, v) => `| sv | 2025-01-05 |\n| ${n} | ${v} |\n`],
  ['Markdown table of code', (n, v) => `| \`${n}\` | \`${v}\` |`],
  ['tab-separated', (n, v) => `sv\t2025-01-05\n${n}\t${v}\n`],
  ['protocol buffer text', (n, v) => `param { name: "${n}" value: "${v}" }`],
  ['developer tools', (n, v) => `${n}: ${v}`],
  ['developer tools, value below', (n, v) => `${n}:\n${v}\n`],
  ['httpie', (n, v) => `http GET a.test/b sv==2025-01-05 ${n}==${v}`],
  [
    'form part',
    (n, v) => `--b\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n--b--\r\n`,
  ],
  [
    'form part with a type',
    (n, v) =>
      `Content-Disposition: form-data; name="${n}"\r\nContent-Type: text/plain\r\n\r\n${v}\r\n--b--`,
  ],
]

/** The same text as a logger of single lines writes it. */
export const LINE_WRITERS: readonly (readonly [title: string, write: (text: string) => string])[] =
  [
    ['as it is', (text) => text],
    ['on one line', (text) => text.replaceAll(/\r\n|\n/g, ' ')],
    [
      'on one line, two blanks a break',
      (text) => text.replaceAll('\r\n', '  ').replaceAll('\n', ' '),
    ],
    ['with CRLF', (text) => text.replaceAll(/\r?\n/g, '\r\n')],
    ['in JSON', (text) => JSON.stringify({ level: 30, msg: text })],
    ['in JSON in JSON', (text) => JSON.stringify({ log: JSON.stringify({ msg: text }) })],
    [
      'in JSON, escaped for HTML',
      (text) =>
        JSON.stringify({ msg: text })
          .replaceAll('<', '\\u003c')
          .replaceAll('>', '\\u003e')
          .replaceAll('&', '\\u0026'),
    ],
    [
      'in HTML',
      (text) =>
        text
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;')
          .replaceAll("'", '&#39;'),
    ],
    [
      'in syslog',
      (text) => text.replaceAll('\r', '#015').replaceAll('\n', '#012').replaceAll('\t', '#011'),
    ],
  ]

export interface NamedSecret {
  readonly name: string
  readonly value: string
}

const BASE64 = 'qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA='
const HEX = '9f3ab17c4de2085b6a71c3f0d94e5b82a6170c3d9be4f5128d07a3c6e19b42f5'

/** A name of each kind with a value of its own shape. */
export const NAMED_SECRETS: readonly NamedSecret[] = [
  { name: 'sig', value: BASE64 },
  { name: 'X-Amz-Signature', value: HEX },
  {
    name: 'X-Amz-Security-Token',
    value: `FwoGZXIvYXdzEBYaDFAKEtoken0123456789abcdefXYZ/+${BASE64}`,
  },
  { name: 'token', value: '4f6c3b9e-1a2d-4c7f-9b0e-5d8a7c6b1f20' },
  { name: 'md5', value: '_e4Nc3iduzkWRm01TBBNYw' },
  { name: 'verify', value: '1795860000-qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA=' },
  { name: 'mac', value: HEX },
  { name: 'mac', value: BASE64 },
  { name: 'hmac', value: HEX },
  { name: 'temp_url_sig', value: HEX.slice(0, 40) },
  {
    name: 'policy',
    value: 'eyJleHBpcmF0aW9uIjoiMjAyNi0wMy0xNFQxMDowMDowMFoiLCJjb25kaXRpb25zIjpbXX0=',
  },
  { name: 'x-oss-signature', value: HEX },
  { name: 'q-signature', value: HEX.slice(0, 40) },
  { name: 'auth_key', value: `1795863600-0-0-${HEX.slice(0, 32)}` },
]

export interface PrintedLine {
  readonly line: string
  readonly expected: string
  /** How the line was written. */
  readonly what: string
}

/** Every secret in a form, in every way of writing lines. */
export function printedLines(form: string, secrets: readonly NamedSecret[]): PrintedLine[] {
  const print = PRINTED_FORMS.find(([title]) => title === form)?.[1]
  if (print === undefined) throw new RangeError(`${form} is no form`)
  return LINE_WRITERS.flatMap(([writer, write]) =>
    secrets.map(({ name, value }) => ({
      line: write(print(name, value)),
      // PHP prints the length of a text before it.
      expected: write(print(name, PLACEHOLDER.padEnd(value.length, '@'))).replace(
        PLACEHOLDER.padEnd(value.length, '@'),
        '[redacted]',
      ),
      what: `${name}, ${writer}`,
    })),
  )
}

const PLACEHOLDER = '@@@@'
