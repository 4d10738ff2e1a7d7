import type { ReactNode } from 'react'
import { formatRelative } from './format.ts'

/** A moment, as how far it is; the whole of it on hover. `null` is never. */
export function Time({ at }: { readonly at: string | null }): ReactNode {
  if (at === null) return <span>never</span>
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {formatRelative(at, Date.now())}
    </time>
  )
}
