/** What is kept with an object, as headers of a request and of an answer. */
import type { StoredHead, StoredHeaders } from '../object-store.ts'
import { readHeaders, writeHeaders } from '../send/object-headers.ts'
import type { HeaderNames } from '../send/object-headers.ts'
import type { StoreAnswer } from '../send/store-answer.ts'

const NAMES: HeaderNames = {
  writing: 'x-ms-blob-',
  metadata: 'x-ms-meta-',
  versionId: 'x-ms-version-id',
  encodeName,
  decodeName,
}

/** Those to write an object with. */
export function headersToWrite(headers: StoredHeaders): Record<string, string> {
  return writeHeaders(NAMES, headers)
}

/** What an answer says of the object. */
export function readHead(key: string, size: number, answer: StoreAnswer): StoredHead {
  return readHeaders(NAMES, { key, size }, answer)
}

/** Names of metadata are those of C#: any other character is written by its number, the way Microsoft's XML library does it. */
function encodeName(name: string): string {
  return name
    .replaceAll(/_(?=x[0-9a-f]{4}_)/g, '_x005f_')
    .replaceAll(/[^a-z0-9_]|^[0-9]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0')
      return `_x${code}_`
    })
}

function decodeName(name: string): string {
  return name.replaceAll(/_x([0-9a-f]{4})_/g, (_whole, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
