/** What somebody says who has looked at a file. */
import type { ScannerName } from '../../policy-lines/policy-lines.ts'
import type { DomainError } from '../errors.ts'

export type Verdict =
  /** `unseen`: who was to look at it and did not, where the policy lets that pass. */
  | { readonly kind: 'admit'; readonly unseen: readonly ScannerName[] }
  | { readonly kind: 'reject'; readonly refusal: DomainError }
  /** `passed`: what need not be looked at again. */
  | {
      readonly kind: 'wait'
      readonly passed: readonly string[]
      /** Who does not answer; `null` where somebody wants time. */
      readonly lost: ScannerName | null
    }

/** Of one that looks at files, whoever it is. */
export type Opinion =
  | { readonly kind: 'clean' }
  | { readonly kind: 'refused'; readonly refusal: DomainError }
  | { readonly kind: 'too-large' }
  /** It says what it thinks later, by itself. */
  | { readonly kind: 'later' }
  | { readonly kind: 'lost'; readonly why: string }
