/**
 * Refuses secrets that an attacker would try first: too short, too even, or printed in somebody's manual.
 * A server that starts with one is open to the world, so starting is what is refused.
 */
import { MIN_SECRET_BYTES } from '../core/limits.ts'

const MIN_DISTINCT_LETTERS = 4

/** What manuals and container images print as a secret; a real one holds these letters by chance never. */
const PUBLISHED_SECRETS = [
  'minioadmin',
  'rustfsadmin',
  'changeme',
  'examplekey',
  'youraccesskey',
] as const
const PUBLISHED_IDS = ['minioadmin', 'rustfsadmin', 'admin', 'akiaiosfodnn7example'] as const

/** Why `secret` may not guard anything, or `null` if it may. Never quotes it. */
export function findSecretWeakness(secret: string): string | null {
  const bytes = Buffer.byteLength(secret)
  if (bytes < MIN_SECRET_BYTES) {
    return `it has ${bytes} bytes and needs at least ${MIN_SECRET_BYTES}`
  }
  if (/[^\u0021-\u007E]/.test(secret))
    return 'it holds a space, a control byte or a letter outside ASCII'
  if (new Set(secret).size < MIN_DISTINCT_LETTERS) {
    return 'it repeats a few letters'
  }
  const plain = toPlain(secret)
  if (PUBLISHED_SECRETS.some((known) => plain.includes(known)))
    return 'it is, or contains, a well-known example'
  return null
}

/** Why `id` may not name an access key, or `null`. */
export function findAccessKeyIdWeakness(id: string): string | null {
  if (!/^[A-Za-z0-9._-]{3,128}$/.test(id))
    return 'it must be 3 to 128 of A-Z, a-z, 0-9, dot, dash, underscore'
  const plain = toPlain(id)
  if (PUBLISHED_IDS.some((known) => plain === known)) return 'it is a well-known example'
  return null
}

/** Letters and digits only, so that case and punctuation hide nothing. */
function toPlain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}
