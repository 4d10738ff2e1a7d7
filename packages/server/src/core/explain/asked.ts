/** What a request asks for, as the face says that would have taken it. */
import type { Action } from '../../catalog/records.ts'
import type { ObjectPath } from '../paths.ts'

export interface Asked {
  /** The right that it needs at its path; `null` where rights at one path do not decide. */
  readonly action: Action | null
  readonly path: ObjectPath | null
  /** What is looked for behind the rights: the file that it reads, the one that it may have to replace, or the bucket. */
  readonly meets: 'file' | 'replaced' | 'bucket' | null
}

/** Of a request that was described; nothing of it is verified. */
export type FindAsked = (described: {
  readonly raw: {
    readonly method: string
    readonly target: string
    readonly headers: readonly string[]
  }
  readonly path: ObjectPath
}) => Asked
