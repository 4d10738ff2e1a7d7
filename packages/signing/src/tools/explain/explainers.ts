/**
 * The one table from a dialect's name to what explains it.
 *
 * @module
 */
import type { DialectName, Explainer } from '../../lib/dialect-facts.ts'
import { explainS3 } from '../../dialects/s3/explain.ts'

export const EXPLAINERS: Readonly<Partial<Record<DialectName, Explainer>>> = {
  s3: explainS3,
}
