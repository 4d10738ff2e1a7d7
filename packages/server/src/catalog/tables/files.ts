/** Names and their versions. A row carries where its bytes are, so that a file is found in one look-up. */
import type { Checksum, StoredHeaders } from '../records.ts'
import { integer, jsonOrEmpty, oneOf, shape, table, text } from '../table.ts'
import type { Column } from '../table.ts'
import { CONTENT_KINDS } from './contents.ts'

const version = {
  bucket: text('bucket'),
  key: text('key'),
  id: text('id'),
  versionId: text('version_id'),
  size: integer('size'),
  etag: text('etag'),
  checksums: checksums('checksums'),
  partSizes: sizes('part_sizes'),
  contentType: text('content_type'),
  headers: jsonOrEmpty('headers', shape<StoredHeaders>()),
  metadata: jsonOrEmpty('metadata', shape<Readonly<Record<string, string>>>()),
  tags: jsonOrEmpty('tags', shape<Readonly<Record<string, string>>>()),
  createdAt: integer('created_at'),
  modifiedAt: integer('modified_at'),
  contentId: text('content_id'),
}

/** The current version of each name. */
export const files = table('files', {
  ...version,
  contentKind: oneOf('content_kind', CONTENT_KINDS),
})

/** The versions behind it, and the marks that say a name was deleted. */
export const versions = table('versions', {
  ...version,
  contentKind: oneOf('content_kind', [...CONTENT_KINDS, 'delete-marker']),
  /** Counts down within a name: the newest has the lowest. */
  position: integer('position'),
})

/** Slots that take parts. */
export const uploads = table('uploads', {
  /** From `[A-Za-z0-9._-]`: it survives sloppy encoders. */
  id: text('id'),
  bucket: version.bucket,
  key: version.key,
  contentType: version.contentType,
  headers: version.headers,
  metadata: version.metadata,
  tags: version.tags,
  /** What the parts carry, if the client said so. */
  checksumAlgorithm: textOrNullOf<Checksum['algorithm']>()('checksum_algorithm'),
  checksumType: textOrNullOf<Checksum['type']>()('checksum_type'),
  /** The key or grant that opened it. */
  createdBy: text('created_by'),
  createdAt: integer('created_at'),
  /** An idle slot is reaped after this; a part that comes moves it on. */
  expiresAt: integer('expires_at'),
})

export const parts = table('parts', {
  uploadId: text('upload_id'),
  /** 1 to 10,000. */
  number: integer('number'),
  size: version.size,
  etag: version.etag,
  checksums: version.checksums,
  modifiedAt: version.modifiedAt,
  contentId: version.contentId,
  contentKind: oneOf('content_kind', CONTENT_KINDS),
})

function textOrNullOf<Value extends string>() {
  return <Name extends string>(name: Name): Column<Name, Value | null, string | null> => ({
    name,
    toStored: (value) => value,
    toValue: (stored) => stored as Value | null,
  })
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

const NO_SIZES: readonly number[] = Object.freeze([])

/** `8388608*9999 512`: parts nearly always have one size but for the last. */
export function sizes<Name extends string>(name: Name): Column<Name, readonly number[], string> {
  return {
    name,
    toStored: (value) => {
      const runs: string[] = []
      for (let at = 0; at < value.length;) {
        let end = at + 1
        while (end < value.length && value[end] === value[at]) end += 1
        runs.push(end - at === 1 ? `${value[at]}` : `${value[at]}*${end - at}`)
        at = end
      }
      return runs.join(' ')
    },
    toValue: (stored) =>
      stored === ''
        ? NO_SIZES
        : stored.split(' ').flatMap((run) => {
            const [size = '', count = '1'] = run.split('*')
            return Array.from({ length: Number(count) }, () => Number(size))
          }),
  }
}
