/** What this face refuses in words of its own, under codes that other faces have too. */
import { isDomainError } from '../../core/errors.ts'
import type { Problem } from '../problem.ts'

/** Status, title and sentence of each code. */
const TUS_PROBLEMS = {
  /** [TUS-1 core]: answered with the versions that there are. */
  'precondition-failed': [
    412,
    'This version of tus is not spoken here',
    'Tus-Resumable: the request says another version than 1.0.0, or none.',
  ],
  'media-type-unsupported': [
    415,
    'The bytes have the wrong type',
    'Content-Type: the bytes of an upload come as application/offset+octet-stream.',
  ],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>

type TusCode = keyof typeof TUS_PROBLEMS

export class TusRefusal extends Error {
  override readonly name: string = 'TusRefusal'
  readonly code: TusCode

  constructor(code: TusCode) {
    super(TUS_PROBLEMS[code][2])
    this.code = code
  }
}

/** The header whose digest is compared. */
export const CHECKSUM_HEADER = 'Upload-Checksum'
/** [TUS-1 checksum] */
const CHECKSUM_MISMATCH = 460

type Explained = Pick<Problem, 'code' | 'status' | 'title' | 'detail'>

/** `null` for what is told in the same words everywhere. */
export function explainTus(error: unknown): Explained | null {
  if (error instanceof TusRefusal) {
    const [status, title, detail] = TUS_PROBLEMS[error.code]
    return { code: error.code, status, title, detail }
  }
  const isMismatch = isDomainError(error) && error.code === 'digest-mismatch'
  if (!isMismatch || error.details.check !== CHECKSUM_HEADER) return null
  const { code, message: detail } = error
  return {
    code,
    status: CHECKSUM_MISMATCH,
    title: 'The bytes are not those that were sent',
    detail,
  }
}
