/** Every dialect that is measured. */
import { prepareCdn } from './cdn.ts'
import type { DialectBench } from './dialect.ts'
import { prepareS3 } from './s3.ts'

export const DIALECT_BENCHES: readonly (() => Promise<DialectBench>)[] = [prepareS3, prepareCdn]
