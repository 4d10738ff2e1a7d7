import { useNotices } from '../ui/notices.tsx'

/** For what is started by a click and awaited by nobody: a failure becomes a notice. */
export function useAct(): (act: () => Promise<unknown>) => void {
  const notices = useNotices()
  return (act) => {
    act().catch((error: unknown) => {
      notices.fail(error instanceof Error ? error : new Error(String(error)))
    })
  }
}
