/** Moves through a list by the keyboard: one row is current, any number are selected. */
import { useEffect, useState } from 'react'
import { useShortcuts } from './shortcuts.ts'

export interface ListKeys<Item> {
  readonly current: Item | null
  readonly selected: ReadonlySet<string>
  readonly toggle: (id: string) => void
  readonly clear: () => void
}

export interface ListKeysOptions<Item> {
  readonly items: readonly Item[]
  readonly idOf: (item: Item) => string
  readonly onOpen: (item: Item) => void
  /** Brings a row into view that is not on the page. */
  readonly onMove?: (index: number) => void
  /** Further keys, for the current row. */
  readonly keys?: Readonly<Record<string, (item: Item) => void>>
}

export function useListKeys<Item>(options: ListKeysOptions<Item>): ListKeys<Item> {
  const { items, idOf, onOpen, onMove, keys = {} } = options
  const [at, setAt] = useState(-1)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const current = items[at] ?? null
  const step = (by: number) => (): void => {
    const next = Math.min(Math.max(at + by, 0), items.length - 1)
    setAt(next)
    onMove?.(next)
  }
  const toggle = (id: string): void => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    setSelected(next)
  }
  const withCurrent = (act: (item: Item) => void) => (): void => {
    if (current !== null) act(current)
  }
  useShortcuts({
    j: step(1),
    ArrowDown: step(1),
    k: step(-1),
    ArrowUp: step(-1),
    x: withCurrent((item) => toggle(idOf(item))),
    Enter: withCurrent(onOpen),
    ...Object.fromEntries(Object.entries(keys).map(([key, act]) => [key, withCurrent(act)])),
  })
  useEffect(() => {
    document.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return { current, selected, toggle, clear: () => setSelected(new Set()) }
}
