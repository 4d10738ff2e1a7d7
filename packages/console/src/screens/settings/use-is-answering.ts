import { useQuery } from '@tanstack/react-query'

/** Whether a server answers there at all, as this browser finds it; `null` until that is known. */
export function useIsAnswering(origin: string): boolean | null {
  const { data = null } = useQuery({
    queryKey: ['answering', origin],
    queryFn: async ({ signal }) => {
      try {
        // Of another origin nothing may be read, and that it answered is all that is asked.
        await fetch(`${origin}/-/healthz`, { mode: 'no-cors', credentials: 'omit', signal })
        return true
      } catch {
        return false
      }
    },
  })
  return data
}
