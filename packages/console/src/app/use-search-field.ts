import { useRef } from 'react'
import type { RefObject } from 'react'
import { useShortcuts } from './shortcuts.ts'

/** The field that `/` leads to. */
export function useSearchField(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement | null>(null)
  useShortcuts({ '/': () => field.current?.focus() })
  return field
}
