/** Request ids: 16 hex digits as S3 clients expect, drawn from a batch because one system call each would be felt. */

const ID_BYTES = 8
const BATCH_BYTES: number = ID_BYTES * 512

export function createRequestIds(random: { bytes(count: number): Uint8Array }): () => string {
  let batch = Buffer.alloc(0)
  let next = 0
  return () => {
    if (next >= batch.byteLength) {
      batch = Buffer.from(random.bytes(BATCH_BYTES))
      next = 0
    }
    next += ID_BYTES
    return batch.toString('hex', next - ID_BYTES, next).toUpperCase()
  }
}
