/** Whether the bytes of a file contradict what it says it is, by its type and by its name. */
import mime from 'mime'
import type { FileRecord } from '../../../catalog/records.ts'
import { refusal } from '../../errors.ts'
import type { DomainError } from '../../errors.ts'
import { nameOf } from '../../paths.ts'
import { parseMediaType } from '../media-type.ts'
import { familyOf, isKnownFamily, isMarked, isProgram, isText } from './families.ts'
import { recognise } from './recognise.ts'

/** What a file says of itself. */
export type Claim = Pick<FileRecord, 'key' | 'contentType' | 'headers'>

/** `null` if nothing does. `head` as `recognise` takes it; a file without bytes contradicts nothing. */
export async function findContradiction(
  claim: Claim,
  head: Uint8Array,
): Promise<DomainError<'type-contradicted'> | null> {
  if (head.length === 0) return null
  const found = await recognise(head)
  const isBinary = found !== null && hasBinaryBytes(head)
  const wrong = claimsOf(claim).find(({ essence }) => isContradicted(essence, found, isBinary))
  return wrong === undefined ? null : refusal('type-contradicted', { says: wrong.says, found })
}

interface Claimed {
  readonly says: string
  readonly essence: string
}

function claimsOf({ key, contentType, headers }: Claim): readonly Claimed[] {
  const coding = headers.contentEncoding?.trim().toLowerCase() ?? ''
  if (coding !== '' && coding !== 'identity') {
    // What lies below a coding begins as the coding does, and nobody looks further.
    const essence = CODED.get(coding)
    return essence === undefined ? [] : [{ says: `the encoding ${coding}`, essence }]
  }
  const type = parseMediaType(contentType)?.essence
  const named = mime.getType(nameOf(key))
  return [
    ...(type === undefined ? [] : [{ says: `the type ${type}`, essence: type }]),
    ...(named === null ? [] : [{ says: `the name, an ending of ${named},`, essence: named }]),
  ]
}

const CODED: ReadonlyMap<string, string> = new Map([
  ['gzip', 'application/gzip'],
  ['x-gzip', 'application/gzip'],
  ['zstd', 'application/zstd'],
])

/** `found` as `recognise` says; `isBinary`: no text has such bytes. */
function isContradicted(essence: string, found: string | null, isBinary: boolean): boolean {
  if (found === null) return isMarked(essence)
  if (familyOf(essence) === familyOf(found)) return false
  if (isText(essence)) return isText(found) ? isOtherText(essence, found) : isBinary
  if (isKnownFamily(essence)) return true
  // What nobody knows may begin like something else, but hardly like a program.
  return essence !== 'application/octet-stream' && isProgram(found) && isBinary
}

/** Texts may quote one another, but JSON begins with no tag, and a picture is no page. */
function isOtherText(essence: string, found: string): boolean {
  const isMarkup = found === 'text/html' || found.endsWith('xml')
  if (essence.endsWith('json')) return isMarkup
  return essence === 'image/svg+xml' && found === 'text/html'
}

/** Binary data bytes [MIME-SNIFF 3], which UTF-16 is full of. */
function hasBinaryBytes(head: Uint8Array): boolean {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return !isUtf16 && head.some(isBinaryByte)
}

function isBinaryByte(byte: number): boolean {
  return byte < 0x20 && !TEXT_CONTROLS.has(byte)
}

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b])
