/** A signed URL for as long as a component shows what it fetches: renewed before it ends, and kept nowhere but in memory. */
import { fetchLink } from '@hallpass/client/link'
import type { FetchedLink } from '@hallpass/client/link'
import { useCallback, useEffect, useState } from 'react'

export interface SignedUrlOptions {
  /** Where `createLinkHandler` answers; `/api/link` unless said otherwise. */
  readonly endpoint?: string | undefined
}

export interface SignedUrl {
  /** `null` as long as there is none. Not for an address bar: what stands there is kept. */
  readonly url: string | null
  /** Why there is none; `null` if nothing is wrong. */
  readonly error: unknown
  /** Asks for another one at once. */
  readonly renew: () => void
}

/** Renewed when a fifth of its life is left, at the latest so many milliseconds before its end. */
const SPARE = 0.2
const LEAST_MS = 1000
const RETRY_MS = 5000
/** Timers know no more. */
const MOST_MS = 2 ** 31 - 1

interface Shown {
  readonly path: string | null
  readonly url: string | null
  readonly error: unknown
}

const NOTHING: Shown = { path: null, url: null, error: null }

/**
 * ```tsx
 * const { url } = useSignedUrl('acme/photos/1.jpg')
 * return url && <img src={url} />
 * ```
 *
 * `null` for a path asks for nothing.
 */
export function useSignedUrl(
  path: string | null,
  { endpoint = '/api/link' }: SignedUrlOptions = {},
): SignedUrl {
  const [shown, setShown] = useState(NOTHING)
  const [round, setRound] = useState(0)
  const renew = useCallback(() => setRound((before) => before + 1), [])
  useEffect(() => {
    if (path === null) return undefined
    return keepFresh(
      (signal) => fetchLink(path, { endpoint, signal }),
      (url, error) => setShown({ path, url, error }),
    )
  }, [path, endpoint, round])
  // What was for another path is not shown for this one.
  const { url, error } = shown.path === path ? shown : NOTHING
  return { url, error, renew }
}

/** Asks at once and again before each end; gives what stops it. */
function keepFresh(
  ask: (signal: AbortSignal) => Promise<FetchedLink>,
  show: (url: string | null, error: unknown) => void,
): () => void {
  const stopped = new AbortController()
  const { signal } = stopped
  let timer: ReturnType<typeof setTimeout> | undefined
  let endsAt = Infinity
  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void run(), Math.min(Math.max(ms, LEAST_MS), MOST_MS))
  }
  const run = async (): Promise<void> => {
    try {
      const { url, expiresIn } = await ask(signal)
      if (signal.aborted) return
      const ms = expiresIn * 1000
      endsAt = performance.now() + ms
      show(url, null)
      later(ms * (1 - SPARE))
    } catch (error) {
      if (signal.aborted) return
      // The one before may hold a while.
      if (performance.now() >= endsAt || endsAt === Infinity) show(null, error)
      if (isPassing(error)) later(RETRY_MS)
    }
  }
  // A tab that slept, or a laptop, wakes with a timer that never rang.
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible' && performance.now() >= endsAt - LEAST_MS)
        void run()
    },
    { signal },
  )
  void run()
  return () => {
    clearTimeout(timer)
    stopped.abort()
  }
}

/** A refusal stays one. */
function isPassing(error: unknown): boolean {
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : null
  return typeof status !== 'number' || status >= 500 || status === 429
}
