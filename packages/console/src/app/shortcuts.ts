/** Keys that do something wherever nobody is typing. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { SCREENS } from './screens.ts'

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** Each by what `event.key` says: `j`, `/`, `Escape`. Not while a field has the focus, or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts)
  current.current = shortcuts
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const act = current.current[event.key]
      if (event.key === 'Enter' && isPressed(event.target)) return
      if (act === undefined || document.querySelector('[role="dialog"]') !== null) return
      event.preventDefault()
      act(event)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** Those that every screen has: `?`, `⌘K` or `Ctrl K`, and `g` with the letter of a screen. */
export function useShellShortcuts(open: (what: 'commands' | 'help') => void): void {
  const navigate = useNavigate()
  const isGoing = useRef(false)
  const letters = SCREENS.map(({ key, path }) => [key, path] as const)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key === 'k') {
        event.preventDefault()
        open('commands')
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const path = isGoing.current ? letters.find(([key]) => key === event.key)?.[1] : undefined
      isGoing.current = event.key === 'g'
      if (path !== undefined) {
        // The letter has done its work: the screen that is left does nothing by it.
        event.stopImmediatePropagation()
        void navigate({ to: path })
      } else if (event.key === '?') open('help')
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  })
}

/** What has the focus does by Enter what it is there for. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href], summary') !== null
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
