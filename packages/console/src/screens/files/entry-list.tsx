/** The rows of a folder. Only those on the screen are there, whatever the length of the list. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useListKeys } from '../../app/use-list-keys.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Row } from '../../ui/field.tsx'
import { Time } from '../../ui/time.tsx'
import type { Entry } from './entries.ts'
import classes from './files.module.css'
import { useDeleteFiles } from './use-delete-files.ts'

const ROW_PX = 40
const AHEAD = 200

export interface EntryListProps {
  readonly entries: readonly Entry[]
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly onMore: () => void
  readonly onOpen: (entry: Entry) => void
  readonly onShare: (path: string) => void
}

export function EntryList(props: EntryListProps): ReactNode {
  const { entries, hasMore, isLoading, onMore, onOpen, onShare } = props
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  })
  const remove = useDeleteFiles()
  const list = useListKeys({
    items: entries,
    idOf: ({ path }) => path,
    onOpen,
    onMove: (index) => virtual.scrollToIndex(index),
    keys: {
      c: ({ path }) => void navigator.clipboard.writeText(path),
      s: ({ kind, path }) => kind === 'file' && onShare(path),
    },
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isLoading && last >= entries.length - AHEAD) onMore()
  }, [hasMore, isLoading, last, entries.length, onMore])
  const chosen = entries.flatMap((entry) =>
    entry.kind === 'file' && list.selected.has(entry.path) ? [entry.file] : [],
  )
  return (
    <>
      {chosen.length > 0 && (
        <Row>
          <span>{chosen.length} selected</span>
          <Button
            kind="danger"
            onClick={() => {
              remove(chosen)
              list.clear()
            }}
          >
            Delete the selected
          </Button>
          <Button onClick={list.clear}>Select none</Button>
        </Row>
      )}
      <div
        ref={frame}
        className={classes['list']}
        role="list"
        aria-label="Files and folders"
        tabIndex={0}
      >
        <div className={classes['inner']} ref={(inner) => setHeight(inner, virtual.getTotalSize())}>
          {rows.map(({ index, start }) => {
            const entry = entries[index]
            if (entry === undefined) return null
            return (
              <EntryRow
                key={entry.path}
                entry={entry}
                top={start}
                isCurrent={list.current === entry}
                isSelected={list.selected.has(entry.path)}
                onSelect={() => list.toggle(entry.path)}
                onOpen={() => onOpen(entry)}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

/** The policy of the page lets no style stand in its markup. */
function setHeight(element: HTMLElement | null, height: number): void {
  if (element !== null) element.style.height = `${height}px`
}

interface EntryRowProps {
  readonly entry: Entry
  readonly top: number
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly onSelect: () => void
  readonly onOpen: () => void
}

function EntryRow({
  entry,
  top,
  isCurrent,
  isSelected,
  onSelect,
  onOpen,
}: EntryRowProps): ReactNode {
  const isFile = entry.kind === 'file'
  return (
    <div
      role="listitem"
      className={classes['row']}
      aria-current={isCurrent}
      style={{ transform: `translateY(${top}px)` }}
    >
      {isFile ? (
        <input
          type="checkbox"
          aria-label={`Select ${entry.name}`}
          checked={isSelected}
          onChange={onSelect}
        />
      ) : (
        <span aria-hidden="true">▸</span>
      )}
      <span className={classes['name']}>
        <button type="button" onClick={onOpen} title={entry.name}>
          {entry.name}
          {isFile ? '' : '/'}
        </button>
      </span>
      <span className={classes['size']}>{isFile ? formatBytes(entry.file.size) : ''}</span>
      <span className={classes['time']}>{isFile ? <Time at={entry.file.modifiedAt} /> : ''}</span>
    </div>
  )
}
