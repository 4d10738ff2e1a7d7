/** The checksums of a version or a part, in one column. */
import type { Column } from '../table.ts'

export const CHECKSUM_ALGORITHMS = [
  'md5',
  'sha1',
  'sha256',
  'sha512',
  'crc32',
  'crc32c',
  'crc64nvme',
  'xxhash64',
  'xxhash3',
  'xxhash128',
] as const
export const CHECKSUM_TYPES = ['full-object', 'composite'] as const

export interface Checksum {
  readonly algorithm: (typeof CHECKSUM_ALGORITHMS)[number]
  /** Of all bytes, or of the checksums of the parts [S3-CHECKSUMS]. */
  readonly type: (typeof CHECKSUM_TYPES)[number]
  /** Base64, as S3 writes it; composite ones without their `-N`. */
  readonly value: string
}

const NO_CHECKSUMS: readonly Checksum[] = Object.freeze([])
const COMPOSITE = '/parts'

/** `sha256=Base64 crc32c/parts=Base64`: far cheaper to read than JSON, and every look-up reads one. */
export function checksums<Name extends string>(
  name: Name,
): Column<Name, readonly Checksum[], string> {
  return {
    name,
    toStored: (value) =>
      value
        .map(
          ({ algorithm, type, value: digest }) =>
            `${algorithm}${type === 'composite' ? COMPOSITE : ''}=${digest}`,
        )
        .join(' '),
    toValue: (stored) => (stored === '' ? NO_CHECKSUMS : stored.split(' ').map(toChecksum)),
  }
}

function toChecksum(stored: string): Checksum {
  const at = stored.indexOf('=')
  const name = stored.slice(0, at)
  const isComposite = name.endsWith(COMPOSITE)
  return {
    algorithm: (isComposite ? name.slice(0, -COMPOSITE.length) : name) as Checksum['algorithm'],
    type: isComposite ? 'composite' : 'full-object',
    value: stored.slice(at + 1),
  }
}

/** Of each part in turn, in base64. */
export interface PartChecksums {
  readonly algorithm: Checksum['algorithm']
  readonly values: readonly string[]
}

/** `sha256 Base64 Base64`. */
export function partChecksums<Name extends string>(
  name: Name,
): Column<Name, PartChecksums | null, string | null> {
  return {
    name,
    toStored: (value) => value && [value.algorithm, ...value.values].join(' '),
    toValue: (stored) => {
      if (stored === null) return null
      const [algorithm, ...values] = stored.split(' ')
      return { algorithm: algorithm as Checksum['algorithm'], values }
    },
  }
}
