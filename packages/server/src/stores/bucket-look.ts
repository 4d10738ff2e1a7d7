/** The port to whoever looks at a bucket before files are served from it, or kept in it. */

/** `unknown`: the store does not say, or the key may not ask. Never taken for good. */
export type BucketStatus = 'passed' | 'advice' | 'failed' | 'unknown'

/** One thing that was looked at. */
export interface BucketFinding {
  /** Stable: programs may go by it. */
  readonly id: string
  readonly status: BucketStatus
  /** What was seen, in a sentence. */
  readonly found: string
  /** What that means for whoever keeps files there. */
  readonly means: string
  /** What to change; `null` of what passed, or is not known. */
  readonly remedy: string | null
  /** A command line that changes it; `null` where there is none that fits every bucket. */
  readonly command: string | null
}

export interface BucketLook {
  /** For people: `s3://bucket/prefix`. */
  readonly name: string
  readonly findings: readonly BucketFinding[]
}

export interface LookOptions {
  /** Write an object of its own below the prefix, and take it away again. */
  readonly probes: boolean
  readonly signal: AbortSignal
}
