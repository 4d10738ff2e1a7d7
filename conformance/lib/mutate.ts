/** Breaks valid requests, byte by byte and line by line, the same way for the same seed. */

/** A whole number below the bound. */
export type Random = (bound: number) => number

/** One generator for everything, so that a seed tells the whole story. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

const PIECES = [
  '%00',
  '%',
  '%2e%2e/',
  '/../',
  '//',
  '\\',
  '?',
  '&',
  '=',
  '#',
  ';',
  ',',
  '"',
  "'",
  '<',
  '>',
  '\0',
  '\r\n',
  '\n',
  '\t',
  ' ',
  'é',
  '\xff',
  '%ff',
  '+',
  '*',
  '0',
  '-1',
  '99999999999999999999',
  '1e9',
  'NaN',
  '__proto__',
  'constructor',
  '[]',
  '&X-Amz-Signature=0',
  '&X-Amz-Date=1',
  '&acl',
  '&uploads',
  '&list-type=3',
  '&max-keys=x',
  '&continuation-token=AAAA',
  '&response-content-type=%0d%0a',
  'aws-chunked',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
  'Expect: 100-continue\r\n',
  'Range: bytes=-\r\n',
  'If-Match: "\r\n',
  'Host: b\r\n',
  'Content-MD5: x\r\n',
  'x-amz-content-sha256: x\r\n',
  'x-amz-copy-source: /a/b\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\n',
]

/** A request with one to three things broken, whatever it is. */
export function mutate(bytes: Buffer, next: Random): Buffer {
  let result = bytes
  for (let times = 1 + next(3); times > 0; times -= 1) result = mutateOnce(result, next)
  return result
}

function mutateOnce(bytes: Buffer, next: Random): Buffer {
  // Targets are short beside headers and bodies, and far more interesting.
  const head = Math.max(1, bytes.indexOf('\r\n\r\n'))
  const line = Math.max(1, bytes.indexOf(' HTTP/1.1'))
  const at = next([bytes.length + 1, head, line, line][next(4)] ?? line)
  const length = 1 + next(12)
  switch (next(7)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << next(8))
      return flipped
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at),
      ])
    case 3:
      return bytes.subarray(0, at)
    case 4: {
      const lines = bytes.toString('latin1').split('\r\n')
      const [moved = ''] = lines.splice(next(lines.length), 1)
      lines.splice(next(lines.length), 0, moved)
      if (next(2) === 0) lines.splice(next(lines.length), 0, moved)
      return Buffer.from(lines.join('\r\n'), 'latin1')
    }
    default: {
      const piece = Buffer.from(PIECES[next(PIECES.length)] ?? '', 'latin1')
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
    }
  }
}
