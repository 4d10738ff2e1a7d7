/**
 * Where a blob lies: `<last letter>/<last but one>/<blob id>`, about 1,300 folders of which each stays small. Letters
 * are in lower case, so that file systems which ignore case see the same folders.
 */
import { join } from 'node:path'

export interface BlobPlaces {
  readonly root: string
  readonly temporary: string
  of(blobId: string): BlobPlace
}

export interface BlobPlace {
  readonly blobId: string
  /** Written here first, then linked to `path`. On the same file system. */
  readonly temporaryPath: string
  readonly path: string
  readonly folder: string
  readonly upperFolder: string
}

const BLOB_ID = /^[A-Za-z0-9]{8,64}$/
const FOLDER_NAME = /^[a-z0-9]$/

export function createBlobPlaces(root: string): BlobPlaces {
  const temporary = join(root, 'tmp')
  return {
    root,
    temporary,
    of(blobId) {
      if (!isBlobId(blobId)) throw new TypeError('blobId must be 8 to 64 letters and digits')
      const upperFolder = join(root, blobId.slice(-1).toLowerCase())
      const folder = join(upperFolder, blobId.slice(-2, -1).toLowerCase())
      const temporaryPath = join(temporary, blobId)
      return { blobId, temporaryPath, path: join(folder, blobId), folder, upperFolder }
    },
  }
}

export function isBlobId(name: string): boolean {
  return BLOB_ID.test(name)
}

export function isFolderName(name: string): boolean {
  return FOLDER_NAME.test(name)
}
