/**
 * Revoking is for ever, so that it cannot be taken back. Until the ten seconds in which somebody may want to are over, the link is
 * paused: it serves nobody from the first moment, and goes on if they do.
 */
import type { Link } from '@hallpass/client'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { useNotices } from '../../ui/notices.tsx'

const UNDO_MS = 10_000

export function useRevoke(): (links: readonly Link[]) => void {
  const api = useApi()
  const act = useAct()
  const notices = useNotices()
  const queries = useQueryClient()

  async function revoke(links: readonly Link[]): Promise<void> {
    const living = links.filter(({ status }) => status === 'active')
    if (living.length === 0) return
    const dead = await each(living, api.links.pause)
    if (dead.length === 0) return
    const end = setTimeout(() => act(() => each(dead, api.links.revoke)), UNDO_MS)
    notices.show({
      text: dead.length === 1 ? 'The link is dead.' : `${dead.length} links are dead.`,
      undo: () => {
        clearTimeout(end)
        const wereRunning = dead.filter(({ pausedAt }) => pausedAt === null)
        act(() => each(wereRunning, api.links.resume))
      },
    })
  }
  /** Those for which it could be done; why not is shown of the first of the others. */
  async function each(
    links: readonly Link[],
    call: (input: { readonly id: string }) => Promise<unknown>,
  ): Promise<readonly Link[]> {
    const outcomes = await Promise.allSettled(links.map(({ id }) => call({ id })))
    await queries.invalidateQueries({ queryKey: ['links'] })
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed?.reason instanceof Error) notices.fail(failed.reason)
    return links.filter((_, index) => outcomes[index]?.status === 'fulfilled')
  }
  return (links) => act(() => revoke(links))
}
