/** Tells the use of a link how the answer that belongs to it goes. */
import type { CoreContext } from '../../../core/context.ts'
import { finishUse, sendLast } from '../../../core/links/use-link.ts'
import type { LinkUse } from '../../../core/links/use-link.ts'
import type { Follower } from '../face.ts'

export function followUse(core: CoreContext, use: LinkUse): Follower {
  return {
    answer: use.numbered?.answer ?? null,
    beforeLast: () => sendLast(core, use),
    ended: ({ bytes, arrived }) => finishUse(core, use, { sentBytes: bytes, arrived }),
  }
}
