/** A key as a path in a URL, every byte escaped that SigV4 escapes: tools that leave this to their caller get it so. */
export function encodeKey(key: string): string {
  return [...Buffer.from(key)].map(encodeByte).join('')
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (/[A-Za-z0-9_.~/-]/.test(character)) return character
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
