/**
 * The keys an object of this library has prepared. They live and die with it: make one memory a signer or verifier, never
 * one a module.
 *
 * @module
 */
import { createBoundedCache } from './bounded-cache.ts'

/** The prepared form of key material. Other material is another entry, so a key that was replaced is not used again. */
export type KeyMemory<Material, Key> = (material: Material) => Key

const MAX_KEYS = 64

export function createKeyMemory<Material, Key>(
  prepare: (material: Material) => Key,
): KeyMemory<Material, Key> {
  const known = createBoundedCache<Material, Key>(MAX_KEYS)
  return (material) => {
    let key = known.get(material)
    if (key === undefined) {
      key = prepare(material)
      known.set(material, key)
    }
    return key
  }
}
