/** Something that is not as it must be. */

/** What is wrong between the catalog and the blobs; what is wrong within the catalog is in catalog/rows/checks. */
export const BLOB_KINDS = {
  'catalog-damaged': 'the file of the catalog is damaged',
  'blob-missing': 'a blob is not there',
  'blob-size': 'a blob has another size than it had',
  'blob-changed': 'a blob has other bytes than it had',
  'inline-changed': 'bytes in the catalog are not what their file says they are',
  'blob-unknown': 'a blob that the catalog does not know',
} as const

export type BlobKind = keyof typeof BLOB_KINDS

export interface Finding {
  readonly kind: string
  readonly says: string
  /** What it is about: a path, an id. */
  readonly subject: string
  readonly about: string
  /** Of a blob: what cannot be read whole because of it. */
  readonly paths: readonly string[]
  readonly isRepaired: boolean
}
