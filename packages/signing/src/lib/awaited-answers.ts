/**
 * Lets work that happens at once ask for what has to be waited for: it stops where an answer is missing, the answer is fetched, and
 * the work starts again with it.
 *
 * @module
 */

/** Stops the work. Never leaves this file. */
class Wanted extends Error {
  readonly fetch: () => Promise<void>
  constructor(fetch: () => Promise<void>) {
    super('an answer is wanted')
    this.fetch = fetch
  }
}

export interface AwaitedAnswers<Answers> {
  /** Those of the work in progress; `null` outside of any. */
  readonly current: () => Answers | null
  /** To be thrown where an answer is missing: `fetch` puts it there. */
  readonly want: (fetch: () => Promise<void>) => Error
  /** Runs the work with answers of its own, as often as it takes. It must ask for the same in the same order. */
  readonly run: <Result>(work: () => Result) => Promise<Result>
}

export function createAwaitedAnswers<Answers>(empty: () => Answers): AwaitedAnswers<Answers> {
  let current: Answers | null = null
  function attempt<Result>(work: () => Result, answers: Answers): Result | Wanted {
    // Nothing waits between here and the end, so no other work sees these answers.
    current = answers
    try {
      return work()
    } catch (error) {
      if (error instanceof Wanted) return error
      throw error
    } finally {
      current = null
    }
  }
  return {
    current: () => current,
    want: (fetch) => new Wanted(fetch),
    async run(work) {
      const answers = empty()
      for (;;) {
        const result = attempt(work, answers)
        if (!(result instanceof Wanted)) return result
        // Each answer is for the work that comes after it.
        // eslint-disable-next-line no-await-in-loop
        await result.fetch()
      }
    },
  }
}
