/** Tells whoever has to know how an answer goes: that it moves, that its last bytes are about to leave, and how it ended. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LinkAnswer } from '../../../core/links/link-answers.ts'
import { proveDelivery } from '../../../http/prove-delivery.ts'
import type { Follower, S3Answer, S3Face } from '../face.ts'

export interface FollowedAnswer {
  /** The same answer; what is read of its body is noticed. */
  readonly answer: S3Answer
  /** To be called before anything of it is written, and waited for, if there is something to wait for. */
  begin(): Promise<void> | null
  /** Reports how it ended; waits for that where bytes are read on the way, or proof is wanted. */
  end(): Promise<void>
}

interface Sent {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
}

interface Followed extends Sent {
  readonly follower: Follower
  /** It came through a proxy whose word counts. */
  readonly isForwarded: boolean
}

export function followAnswer(
  { deadlines, limits }: Pick<S3Face, 'deadlines' | 'limits'>,
  answer: S3Answer,
  { follower, incoming, response, isForwarded }: Followed,
): FollowedAnswer {
  const length = lengthOf(answer)
  const { body } = answer
  const isRead = body !== null && 'source' in body
  let handedOver = 0
  const arrival = findArrival()
  follower.answer?.onCut(() => cut(incoming))

  /** `null` where memory has it all and nobody wants proof: it is handed over in one piece, and no more is learned of it. */
  function findArrival(): Promise<boolean> | null {
    if (follower.answer === null) return isRead ? closing(response) : null
    return proveDelivery({ incoming, response }, { deadlines, limits, length, isForwarded })
  }

  async function end(): Promise<void> {
    const arrived = arrival === null || (await arrival)
    await follower.ended({ arrived, bytes: arrived ? length : Math.min(handedOver, length) })
  }

  if (!isRead) {
    const begin = (): Promise<void> | null => {
      handedOver = length
      return follower.beforeLast()
    }
    return { answer, begin, end }
  }
  const { source } = body
  const following = {
    readInto: async (buffer: Uint8Array) => {
      follower.answer?.move()
      const count = await source.readInto(buffer)
      if (handedOver + count >= length) await follower.beforeLast()
      handedOver += count
      return count
    },
    close: () => source.close(),
  }
  const followed = { ...answer, body: { source: following, length } }
  return { answer: followed, begin: () => null, end }
}

/** To be called when all of it is on its way: what the system has not taken yet can be cut. */
export function watchAnswer(answer: LinkAnswer, { incoming, response }: Sent): void {
  answer.onCut(() => cut(incoming))
  response.once('close', () => answer.end())
  if (response.closed) answer.end()
}

/** What the system still holds of the answer is thrown away: a client that gets the rest would take it for whole. */
function cut({ socket }: IncomingMessage): void {
  socket.resetAndDestroy()
}

/** Whether all was handed over to the system, without proof. */
function closing(response: ServerResponse): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settle = (): void => resolve(response.writableFinished)
  if (response.closed) settle()
  else response.once('close', settle)
  return promise
}

export function lengthOf({ body }: S3Answer): number {
  if (body === null) return 0
  return 'source' in body ? body.length : body.byteLength
}
