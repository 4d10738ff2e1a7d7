/**
 * The security checklist of signed URLs, as this server answers it. docs/checklist.md says of each item what enforces it and which test
 * proves it; what is looked at here is what settings, policies and keys can spoil.
 */

/** In order; those without a number came on top of the seventeen. */
export const CHECKLIST = [
  { id: 'short-lives', number: 1, title: 'Links are short-lived unless somebody asks for more' },
  { id: 'longest-life', number: 2, title: 'No link lives longer than a day without a reason' },
  { id: 'logs', number: 3, title: 'No signature comes into a log' },
  { id: 'referrers', number: 4, title: 'No link leaks as a referrer' },
  { id: 'error-reports', number: 5, title: 'No link comes into an error report' },
  { id: 'redirects', number: 6, title: 'Pages can ask for a fresh link at each click' },
  { id: 'rights-first', number: 7, title: 'Rights are looked at before a link is signed' },
  { id: 'methods', number: 8, title: 'A link does one thing' },
  { id: 'revocation', number: 9, title: 'A link can be ended before its time' },
  { id: 'caching', number: 10, title: 'No cache keeps a private file past its link' },
  { id: 'rotation', number: 11, title: 'Signing keys are rotated' },
  { id: 'scopes', number: 12, title: 'No key can do more than it needs' },
  { id: 'cookies', number: 13, title: 'Rights are in the URL, and in no cookie of the files' },
  { id: 'watching', number: 14, title: 'Unusual use is noticed, and somebody is told' },
  { id: 'upload-types', number: 15, title: 'An upload has the type that was agreed on' },
  { id: 'upload-content', number: 16, title: 'What was uploaded is looked at' },
  { id: 'upload-sizes', number: 17, title: 'An upload has a largest size' },
  { id: 'transport', number: null, title: 'The way to the server is private' },
  { id: 'openness', number: null, title: 'What is open is meant to be open' },
  { id: 'records', number: null, title: 'What happened can be looked up' },
] as const satisfies readonly ChecklistItem[]

export type ItemId = (typeof CHECKLIST)[number]['id']

interface ChecklistItem {
  readonly id: string
  /** 1 to 17. */
  readonly number: number | null
  readonly title: string
}

/** `advice`: nothing is wrong, and it could be better. */
export type CheckStatus = 'passed' | 'advice' | 'failed'

/** One thing that was looked at. */
export interface Finding {
  readonly item: ItemId
  /** Stable: programs may go by it. */
  readonly id: string
  readonly status: CheckStatus
  /** What was found, in a sentence. */
  readonly found: string
  /** How to mend it; `null` of what passed. */
  readonly remedy: string | null
}

/** What is wrong, what was found instead of it, and how to mend it. */
export interface Fault {
  readonly status?: 'advice' | 'failed'
  readonly found: string
  readonly remedy: string
}

/** Passed, unless there is a fault. */
export function finding(
  item: ItemId,
  id: string,
  { passed, fault }: { readonly passed: string; readonly fault: Fault | null },
): Finding {
  return fault === null
    ? { item, id, status: 'passed', found: passed, remedy: null }
    : { item, id, status: fault.status ?? 'failed', found: fault.found, remedy: fault.remedy }
}
