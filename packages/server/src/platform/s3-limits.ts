/** Limits that S3 has, and this server with it, each with its unit. */

/** A single PUT holds at most 5 GiB. */
export const MAX_PUT_BYTES: number = 5 * 1024 ** 3
/** A file of many parts holds at most 5 TiB. */
export const MAX_OBJECT_BYTES: number = 5 * 1024 ** 4
/** Every part but the last has at least 5 MiB. */
export const MIN_PART_BYTES: number = 5 * 1024 ** 2
/** Parts are numbered from 1 to 10,000. */
export const MAX_PARTS = 10_000
/** A bulk deletion names at most so many keys. */
export const MAX_DELETED_AT_ONCE = 1000
/** A key is at most 1,024 bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024
/** User metadata, names and values together. */
export const MAX_METADATA_BYTES = 2048
/** The life of a presigned URL, seven days. */
export const MAX_EXPIRES_SECONDS = 604_800
