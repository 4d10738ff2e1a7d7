/** Asks every worker the same and gathers what they say. One that hangs must not keep the others from being heard. */

export interface Answers<Answer> {
  readonly answers: readonly Answer[]
  /** False if one was silent for too long. One that ended meanwhile has nothing to say any more. */
  readonly isComplete: boolean
}

export interface Asking<Answer> {
  /** `tell` sends the question, under its number, to one worker. */
  ask(
    workers: Iterable<number>,
    tell: (worker: number, id: number) => void,
  ): Promise<Answers<Answer>>
  heard(worker: number, id: number, answer: Answer): void
  ended(worker: number): void
}

interface Pending<Answer> {
  readonly answers: Answer[]
  readonly missing: Set<number>
  readonly finish: () => void
}

export function createAsking<Answer>(waitMs: number): Asking<Answer> {
  const pending = new Map<number, Pending<Answer>>()
  let nextId = 1

  function settle(question: Pending<Answer> | undefined, worker: number): void {
    question?.missing.delete(worker)
    if (question?.missing.size === 0) question.finish()
  }

  return {
    ask(workers, tell) {
      const { promise, resolve } = Promise.withResolvers<Answers<Answer>>()
      const id = nextId++
      const answers: Answer[] = []
      const missing = new Set(workers)
      const finish = (): void => {
        clearTimeout(timer)
        pending.delete(id)
        resolve({ answers, isComplete: missing.size === 0 })
      }
      const timer = setTimeout(finish, waitMs)
      if (missing.size === 0) finish()
      else pending.set(id, { answers, missing, finish })
      for (const worker of missing) tell(worker, id)
      return promise
    },
    heard(worker, id, answer) {
      const question = pending.get(id)
      if (question?.missing.has(worker) === true) question.answers.push(answer)
      settle(question, worker)
    },
    ended(worker) {
      for (const question of pending.values()) settle(question, worker)
    },
  }
}
