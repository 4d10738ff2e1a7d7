/**
 * Revoking is for ever, so that it cannot be taken back. Until the ten seconds in which somebody may want to are over, the link is
 * paused: it serves nobody from the first moment, and goes on if they do.
 */
import type { Link } from '@hallpass/client'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/session.tsx'
import { useNotices } from '../../ui/notices.tsx'

const UNDO_MS = 10_000

export function useRevoke(): (links: readonly Link[]) => void {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['links'] })

  async function revoke(links: readonly Link[]): Promise<void> {
    const living = links.filter(({ status }) => status === 'active')
    if (living.length === 0) return
    const wereRunning = living.filter(({ pausedAt }) => pausedAt === null)
    await Promise.all(living.map(({ id }) => api.links.pause({ id })))
    await refresh()
    const end = setTimeout(() => run(endAll(living)), UNDO_MS)
    notices.show({
      text: living.length === 1 ? 'The link is dead.' : `${living.length} links are dead.`,
      undo: () => {
        clearTimeout(end)
        run(resumeAll(wereRunning))
      },
    })
  }
  async function endAll(links: readonly Link[]): Promise<void> {
    await Promise.all(links.map(({ id }) => api.links.revoke({ id })))
    await refresh()
  }
  async function resumeAll(links: readonly Link[]): Promise<void> {
    await Promise.all(links.map(({ id }) => api.links.resume({ id })))
    await refresh()
  }
  function run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      notices.fail(error instanceof Error ? error : new Error(String(error)))
    })
  }
  return (links) => run(revoke(links))
}
