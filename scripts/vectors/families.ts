/** Every family of vectors, in the order in which they are asked for a file. */
import { aws } from './aws.ts'
import { cdn } from './cdn.ts'
import type { VectorFamily } from './family.ts'

export const FAMILIES: readonly VectorFamily[] = [aws, cdn]
