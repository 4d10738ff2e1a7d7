/** Tells whoever has to know how an answer goes: that it moves, that its last bytes are about to leave, and how it ended. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { proveDelivery } from '../../../http/prove-delivery.ts'
import type { Follower, S3Answer, S3Face } from '../face.ts'

export interface FollowedAnswer {
  /** The same answer; what is read of its body is noticed. */
  readonly answer: S3Answer
  /** To be called before anything of it is written. */
  begin(): Promise<void>
  /** Waits until the answer is through or the connection is gone, and reports it. */
  end(): Promise<void>
}

interface Followed {
  readonly follower: Follower
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
}

export function followAnswer(
  { watch, limits }: Pick<S3Face, 'watch' | 'limits'>,
  answer: S3Answer,
  { follower, incoming, response }: Followed,
): FollowedAnswer {
  const length = lengthOf(answer)
  let handedOver = 0
  const arrival = follower.wantsProof
    ? proveDelivery({ incoming, response }, { watch, limits, length })
    : closing(response)

  follower.onCut(() => cut(incoming))

  async function end(): Promise<void> {
    const arrived = await arrival
    await follower.ended({ arrived, bytes: arrived ? length : Math.min(handedOver, length) })
  }

  const { body } = answer
  if (body === null || !('source' in body)) {
    const begin = async (): Promise<void> => {
      await follower.beforeLast()
      handedOver = length
    }
    return { answer, begin, end }
  }
  const { source } = body
  const following = {
    readInto: async (buffer: Uint8Array) => {
      follower.move()
      const count = await source.readInto(buffer)
      if (handedOver + count >= length) await follower.beforeLast()
      handedOver += count
      return count
    },
    close: () => source.close(),
  }
  const followed = { ...answer, body: { source: following, length } }
  return { answer: followed, begin: () => Promise.resolve(), end }
}

/** What the system still holds of the answer is thrown away: a client that gets the rest would take it for whole. */
function cut({ socket }: IncomingMessage): void {
  socket.resetAndDestroy()
}

/** Whether all was handed over to the system, without proof. */
async function closing(response: ServerResponse): Promise<boolean> {
  if (!response.closed) await once(response, 'close')
  return response.writableFinished
}

export function lengthOf({ body }: S3Answer): number {
  if (body === null) return 0
  return 'source' in body ? body.length : body.byteLength
}
