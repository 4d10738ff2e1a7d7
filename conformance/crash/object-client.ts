/** The few object requests the harness needs, signed with the key pair the server was started with. */
import { createHash } from 'node:crypto'
import { presignS3 } from '@hallpass/signing/s3'

export interface ObjectClient {
  createBucket(): Promise<void>
  /** Resolves to the status; rejects when the connection broke. */
  put(key: string, bytes: Uint8Array): Promise<number>
  remove(key: string): Promise<number>
  /** `null` if there is none. Rejects when the connection broke, or what came is not whole. */
  get(key: string): Promise<FetchedObject | null>
  /** Every key of the bucket, page by page. */
  listKeys(): Promise<string[]>
}

export interface FetchedObject {
  readonly sha256: string
  readonly md5: string
  readonly etag: string
}

export interface ObjectClientOptions {
  readonly origin: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}
