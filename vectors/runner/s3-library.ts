import type * as s3 from '@hallpass/signing/s3'

/** The entry under test, from source or from the build. */
export type S3Library = typeof s3
