/**
 * The dialects in the order `detect` asks them: those with unmistakable parameter names first.
 *
 * @module
 */
import type { Decoder } from '../../lib/dialect-facts.ts'

export const DECODERS: readonly Decoder[] = []
