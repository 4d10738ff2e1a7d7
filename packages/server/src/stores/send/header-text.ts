/** Values of headers that stores keep and hand out. */

/** Headers carry ASCII: anything else goes as an encoded word, the way S3 itself hands it out [RFC2047 2]. */
export function encodeHeaderText(value: string): string {
  return /^[\x20-\x7e\t]*$/.test(value) && !value.startsWith('=?')
    ? value
    : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`
}

const ENCODED_WORD = /=\?UTF-8\?([BQ])\?([^?]*)\?=(?:\s+(?==\?UTF-8\?))?/gi

export function decodeHeaderText(value: string): string {
  return value.replaceAll(ENCODED_WORD, (_whole, form: string, text: string) =>
    form.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString('utf8') : decodeQ(text),
  )
}

function decodeQ(text: string): string {
  const bytes = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

export function bareEtag(etag: string): string {
  return etag.replace(/^(?:W\/)?"?/, '').replace(/"$/, '')
}

/** 0 where there is none that can be read. */
export function readDate(text: string | null): number {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? 0 : ms
}
