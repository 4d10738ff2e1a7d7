/**
 * Commits a write under the rights of the moment: if keys, revocations or folders changed since they were looked at, they are
 * looked at again. A body that came to rest for it goes only on a definite refusal: after a fault nobody knows what became
 * of the commit.
 */

export interface CommitAttempt<Conditions, Outcome extends { readonly outcome: string }> {
  /** Looks at the rights; what it throws ends the write. */
  readonly conditions: () => Promise<Conditions>
  readonly commit: (conditions: Conditions) => Promise<Outcome>
  /** What came to rest for this write, if anything did. */
  readonly resting?: { discard(): Promise<void> }
  readonly signal?: AbortSignal
}

/** Rights that change faster than this are no reason to keep a client waiting. */
const MAX_ATTEMPTS = 8
/** Outcomes after which the content belongs to the catalog. */
const DONE: ReadonlySet<string> = new Set(['committed', 'stored', 'removed', 'moved', 'tagged'])

export async function commitInEpoch<Conditions, Outcome extends { readonly outcome: string }>(
  attempt: CommitAttempt<Conditions, Outcome>,
): Promise<Outcome> {
  const { conditions, commit, resting, signal } = attempt
  let isAsked = false
  try {
    for (let count = 1; ; count += 1) {
      const asked = await conditions()
      signal?.throwIfAborted()
      isAsked = true
      const outcome = await commit(asked)
      isAsked = false
      if (outcome.outcome === 'epoch-changed' && count < MAX_ATTEMPTS) continue
      if (!DONE.has(outcome.outcome)) await resting?.discard()
      return outcome
    }
  } catch (error) {
    if (!isAsked) await resting?.discard()
    throw error
  }
}
