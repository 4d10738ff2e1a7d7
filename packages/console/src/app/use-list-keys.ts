/** Moves through a list by the keyboard: one row is current, any number are selected. */
import { useEffect, useRef, useState } from 'react'
import { useShortcuts } from './shortcuts.ts'

export interface ListKeys<Item> {
  readonly current: Item | null
  /** By their ids, in the order in which they were selected. */
  readonly selected: ReadonlyMap<string, Item>
  /** `isRange`: with all between it and the one that was selected before. */
  readonly toggle: (index: number, isRange?: boolean) => void
  readonly clear: () => void
}

export interface ListKeysOptions<Item> {
  readonly items: { readonly length: number; readonly at: (index: number) => Item | undefined }
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
  const [selected, setSelected] = useState<ReadonlyMap<string, Item>>(new Map())
  const anchor = useRef(-1)
  const current = at < 0 ? null : (items.at(at) ?? null)

  const toggle = (index: number, isRange = false): void => {
    const next = new Map(selected)
    const item = items.at(index)
    if (item === undefined) return
    if (isRange && anchor.current >= 0) addRange(next, anchor.current, index)
    else if (!next.delete(idOf(item))) next.set(idOf(item), item)
    anchor.current = index
    setSelected(next)
  }
  const addRange = (to: Map<string, Item>, one: number, other: number): void => {
    for (let index = Math.min(one, other); index <= Math.max(one, other); index += 1) {
      const item = items.at(index)
      if (item !== undefined) to.set(idOf(item), item)
    }
  }
  const step =
    (by: number) =>
    (event: KeyboardEvent): void => {
      const next = Math.min(Math.max(at + by, 0), items.length - 1)
      if (event.shiftKey) {
        if (anchor.current < 0) anchor.current = Math.max(at, 0)
        toggle(next, true)
      }
      setAt(next)
      onMove?.(next)
    }
  const withCurrent = (act: (item: Item) => void) => (): void => {
    if (current !== null) act(current)
  }
  const clear = (): void => {
    anchor.current = -1
    setSelected(new Map())
  }
  useShortcuts({
    j: step(1),
    J: step(1),
    ArrowDown: step(1),
    k: step(-1),
    K: step(-1),
    ArrowUp: step(-1),
    x: withCurrent(() => toggle(at)),
    X: withCurrent(() => toggle(at, true)),
    Enter: withCurrent(onOpen),
    Escape: clear,
    ...Object.fromEntries(Object.entries(keys).map(([key, act]) => [key, withCurrent(act)])),
  })
  useEffect(() => {
    document.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return { current, selected, toggle, clear }
}
