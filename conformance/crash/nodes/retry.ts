/** How a client of a service that loses a node now and then sends: again, until it is answered. */
import { setTimeout as sleep } from 'node:timers/promises'
import { PATIENCE_MS } from '../../lib/patience.ts'
import { UnexpectedAnswer } from '../rest-client.ts'

/** Nobody is there, or what stands behind does not answer. */
const COME_AGAIN: ReadonlySet<number> = new Set([502, 503])
const PAUSE_MS = 50

export interface Retrying {
  /** Resolves to what the first clear answer was. Rejects with UnexpectedAnswer for a wrong one, or if none ever comes. */
  readonly untilAnswered: <Result>(request: () => Promise<Result>) => Promise<Result>
  /** How often something was sent again. */
  readonly retries: () => number
}

export function createRetrying(): Retrying {
  let retries = 0
  return {
    retries: () => retries,
    async untilAnswered(request) {
      const giveUpAt = performance.now() + PATIENCE_MS
      for (;;) {
        const last = await tryOnce(request)
        if ('result' in last) return last.result
        if (performance.now() > giveUpAt) {
          throw new UnexpectedAnswer(`no clear answer ever came, last: ${last.why}`)
        }
        retries += 1
        await sleep(PAUSE_MS)
      }
    },
  }
}

async function tryOnce<Result>(
  request: () => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly why: string }> {
  try {
    const result = await request()
    if (typeof result === 'number' && COME_AGAIN.has(result)) return { why: `status ${result}` }
    return { result }
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer))
      return { why: `the connection broke: ${String(error)}` }
    if (error.status === null || !COME_AGAIN.has(error.status)) throw error
    return { why: error.message }
  }
}
