/**
 * Requests that two parsers in a row may cut at different places. In each one, a whole second request lies inside the body by
 * the reading that the specification demands, and outside by another reading that some server or proxy once had.
 */

export interface SmugglingCase {
  readonly name: string
  readonly bytes: Buffer
  /** No reading of it is right: the server itself has to answer 400 and hang up. */
  readonly isInvalid: boolean
}

export interface CaseParts {
  /** `127.0.0.1:PORT`, as the client knows it. */
  readonly host: string
  /** Signed targets: of an upload, of a download, and of what nobody may get at. */
  readonly upload: string
  readonly download: string
  readonly hidden: string
}

/** Places where a length and a coding contradict each other: by the length all is body, by the coding it ends at once. */
const CODINGS: Readonly<Record<string, string>> = {
  plain: 'Transfer-Encoding: chunked',
  'in capitals': 'TRANSFER-ENCODING: CHUNKED',
  'after a tab': 'Transfer-Encoding:\tchunked',
  'without a space': 'Transfer-Encoding:chunked',
  'with a space before the colon': 'Transfer-Encoding : chunked',
  'with a tab before the colon': 'Transfer-Encoding\t: chunked',
  folded: 'Transfer-Encoding:\r\n chunked',
  'folded by a tab': 'Transfer-Encoding:\r\n\tchunked',
  'folded into another header': 'X-A: b\r\n Transfer-Encoding: chunked',
  'after a bare line feed': 'X-A: b\nTransfer-Encoding: chunked',
  'after a bare carriage return': 'X-A: b\rTransfer-Encoding: chunked',
  'after a NUL': 'X-A: b\0\r\nTransfer-Encoding: chunked',
  'after a vertical tab': 'Transfer-Encoding: \x0Bchunked',
  'before a vertical tab': 'Transfer-Encoding: chunked\x0B',
  'in quotes': 'Transfer-Encoding: "chunked"',
  'with a parameter': 'Transfer-Encoding: chunked;q=1',
  'misspelt before': 'Transfer-Encoding: xchunked',
  'misspelt after': 'Transfer-Encoding: chunkedx',
  'with an empty element': 'Transfer-Encoding: , chunked',
  'not last': 'Transfer-Encoding: chunked, identity',
  'after identity': 'Transfer-Encoding: identity, chunked',
  'after gzip': 'Transfer-Encoding: gzip, chunked',
  'named twice in one': 'Transfer-Encoding: chunked, chunked',
  'named twice': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'and identity': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'after a nameless header': ': x\r\nTransfer-Encoding: chunked',
  'dropped on the way': 'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked',
}

/** Lengths to be read as that of the whole body; `0` and nothing are what a careless reader makes of them. */
const LENGTHS: Readonly<Record<string, (length: number) => string>> = {
  'a length': (length) => `Content-Length: ${length}`,
  'two lengths, the first right': (length) => `Content-Length: ${length}\r\nContent-Length: 0`,
  'two lengths, the second right': (length) => `Content-Length: 0\r\nContent-Length: ${length}`,
  'the same length twice': (length) => `Content-Length: ${length}\r\nContent-Length: ${length}`,
  'a list of lengths': (length) => `Content-Length: ${length}, 0`,
  'a list of one length': (length) => `Content-Length: ${length}, ${length}`,
  'a length with a sign': (length) => `Content-Length: +${length}`,
  'a length below nothing': (length) => `Content-Length: -${length}`,
  'a hexadecimal length': (length) => `Content-Length: 0x${length.toString(16)}`,
  'a length with zeros': (length) => `Content-Length: 000${length}`,
  'a length with a fraction': (length) => `Content-Length: ${length}.0`,
  'a length beyond 64 bits': (length) => `Content-Length: ${2n ** 64n + BigInt(length)}`,
  'a length with a space before the colon': (length) => `Content-Length : ${length}`,
  'a folded length': (length) => `Content-Length:\r\n ${length}`,
  'a length after a bare line feed': (length) => `X-A: b\nContent-Length: ${length}`,
  'a length dropped on the way': (length) =>
    `Connection: Content-Length\r\nContent-Length: ${length}`,
  'a length and an upgrade': (length) =>
    `Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${length}`,
  'a length and an upgrade to HTTP/2': (length) =>
    `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: ${length}`,
  'a length and Expect': (length) => `Expect: 100-continue\r\nContent-Length: ${length}`,
}

/** Chunked bodies that hold the hidden request as data, or what is no chunk at all. */
const CHUNKS: Readonly<Record<string, (hidden: string) => string>> = {
  'a chunk': (hidden) => `${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk with an extension': (hidden) => `${hex(hidden)};a=b\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk with a quoted extension': (hidden) => `${hex(hidden)};a="b;c"\r\n${hidden}\r\n0\r\n\r\n`,
  'an extension with a bare line feed': (hidden) =>
    `5;a\nhello\r\n${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'an extension with a bare carriage return': (hidden) =>
    `5;a\rX\r\nhello\r\n${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size in capitals with zeros': (hidden) =>
    `000${hex(hidden).toUpperCase()}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size with a prefix': (hidden) => `0x${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size with a sign': (hidden) => `+${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size below nothing': (hidden) => `-1\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size after a space': (hidden) => ` ${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size before a space': (hidden) => `${hex(hidden)} \r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size that is none': (hidden) => `xyz\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size beyond 64 bits': (hidden) =>
    `1${hex(hidden).padStart(16, '0')}\r\n${hidden}\r\n0\r\n\r\n`,
  'a chunk size that ends in a bare line feed': (hidden) =>
    `${hex(hidden)}\n${hidden}\r\n0\r\n\r\n`,
  'a chunk without its end': (hidden) => `5\r\nhelloX\r\n${hex(hidden)}\r\n${hidden}\r\n0\r\n\r\n`,
}

/** Requests that are odd in their first line or their host, with nothing hidden in them. */
const ODD_LINES: Readonly<Record<string, (parts: CaseParts) => string>> = {
  'an absolute target': ({ host, download }) =>
    `GET http://${host}${download} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'an absolute target of another host': ({ host, download }) =>
    `GET http://evil.test${download} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'another host than that of the target': ({ host, download }) =>
    `GET http://${host}${download} HTTP/1.1\r\nHost: evil.test\r\n\r\n`,
  'a target with credentials': ({ host, download }) =>
    `GET http://evil.test@${host}${download} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'two hosts': ({ host, download }) =>
    `GET ${download} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.test\r\n\r\n`,
  'no host': ({ download }) => `GET ${download} HTTP/1.1\r\nX-A: b\r\n\r\n`,
  'a target with a line break': ({ host, download, hidden }) =>
    `GET ${download}\nGET ${hidden} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'two targets': ({ host, download, hidden }) =>
    `GET ${download} ${hidden} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'two versions': ({ host, download, hidden }) =>
    `GET ${download} HTTP/1.1 GET ${hidden} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'a header with a second request': ({ host, download, hidden }) =>
    `GET ${download} HTTP/1.1\r\nHost: ${host}\r\nX-A: b\r\r\nGET ${hidden} HTTP/1.1\r\n\r\n`,
  'a tunnel': ({ host }) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  'HTTP/2 without being asked': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
}

export function smugglingCases(parts: CaseParts): SmugglingCase[] {
  const { host, upload, download, hidden } = parts
  const request = `GET ${hidden} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const put = `PUT ${upload} HTTP/1.1\r\nHost: ${host}\r\n`
  const cases: [string, string][] = []
  const ended = `0\r\n\r\n${request}`
  for (const [name, line] of Object.entries(CODINGS)) {
    cases.push([
      `a length and a coding ${name}`,
      `${put}Content-Length: ${ended.length}\r\n${line}\r\n\r\n${ended}`,
    ])
  }
  const chunk = `${hex(request)}\r\n${request}\r\n0\r\n\r\n`
  cases.push([
    'a coding and the length of its first line',
    `${put}Content-Length: ${hex(request).length + 2}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
  ])
  const invalid = cases.length
  cases.push([
    'a length and something like a coding',
    `${put}Content-Length: ${ended.length}\r\nTransfer_Encoding: chunked\r\n\r\n${ended}`,
  ])
  for (const [name, format] of Object.entries(LENGTHS)) {
    for (const [method, target] of [
      ['PUT', upload],
      ['GET', download],
      ['PUT', '/acme/refused'],
    ] as const) {
      cases.push([
        `${method} ${target === upload || target === download ? '' : 'refused '}with ${name}`,
        `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${format(request.length)}\r\n\r\n${request}`,
      ])
    }
  }
  for (const [name, format] of Object.entries(CHUNKS)) {
    cases.push([name, `${put}Transfer-Encoding: chunked\r\n\r\n${format(request)}`])
  }
  for (const [name, format] of Object.entries(ODD_LINES)) cases.push([name, format(parts)])
  return cases.map(([name, text], index) => ({
    name,
    bytes: Buffer.from(text, 'latin1'),
    isInvalid: index < invalid,
  }))
}

function hex(text: string): string {
  return text.length.toString(16)
}
