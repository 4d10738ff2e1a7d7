/** The rows of a folder. Only those on the screen are there, whatever the length of the list. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useListKeys } from '../../app/use-list-keys.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Row } from '../../ui/field.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Time } from '../../ui/time.tsx'
import type { Entry, Rows } from './entries.ts'
import classes from './files.module.css'
import { findLookAlike } from './look-alike.ts'
import { MoveDialog } from './move-dialog.tsx'
import { useDeleteEntries } from './use-delete-entries.ts'

const ROW_PX = 40
const AHEAD = 200

export interface EntryListProps {
  readonly folder: string
  readonly entries: Rows<Entry>
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly onMore: () => void
  readonly onOpen: (entry: Entry) => void
  readonly onShare: (path: string) => void
}

export function EntryList(props: EntryListProps): ReactNode {
  const { folder, entries, hasMore, isLoading, onMore, onOpen, onShare } = props
  const frame = useRef<HTMLDivElement>(null)
  const remove = useDeleteEntries()
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  })
  const list = useListKeys({
    items: entries,
    idOf: ({ path }) => path,
    onOpen,
    onMove: (index) => virtual.scrollToIndex(index),
    keys: {
      c: ({ path }) => void navigator.clipboard.writeText(path),
      Delete: (entry) => isMovable(entry) && remove([entry]),
    },
  })
  useShortcuts({ n: () => folder !== '' && onShare(sharedPath(list.current, folder)) })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isLoading && last >= entries.length - AHEAD) onMore()
  }, [hasMore, isLoading, last, entries.length, onMore])
  const chosen = [...list.selected.values()].filter(isMovable)
  return (
    <>
      <SelectedActions folder={folder} entries={chosen} onDone={list.clear} />
      <div
        ref={frame}
        className={classes['list']}
        role="list"
        aria-label="Files and folders"
        tabIndex={0}
      >
        <div className={classes['inner']} ref={(inner) => setHeight(inner, virtual.getTotalSize())}>
          {rows.map(({ index, start }) => {
            const entry = entries.at(index)
            if (entry === undefined) return null
            return (
              <EntryRow
                key={entry.path}
                entry={entry}
                top={start}
                isCurrent={list.current === entry}
                isSelected={list.selected.has(entry.path)}
                onSelect={(isRange) => list.toggle(index, isRange)}
                onOpen={() => onOpen(entry)}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

interface SelectedActionsProps {
  readonly folder: string
  readonly entries: readonly Entry[]
  readonly onDone: () => void
}

/** Of a bucket neither the name can be changed nor everything deleted at once. */
function isMovable({ path }: Entry): boolean {
  return path.includes('/')
}

function SelectedActions({ folder, entries, onDone }: SelectedActionsProps): ReactNode {
  const remove = useDeleteEntries()
  const [isMoving, setIsMoving] = useState(false)
  if (entries.length === 0) return null
  return (
    <Row>
      <span>{entries.length} selected</span>
      <Button onClick={() => setIsMoving(true)}>Move or copy</Button>
      <Button
        kind="danger"
        onClick={() => {
          remove(entries)
          onDone()
        }}
      >
        Delete the selected
      </Button>
      <Button onClick={onDone}>Select none</Button>
      {isMoving && (
        <MoveDialog
          entries={entries}
          folder={folder}
          onDone={onDone}
          onClose={() => setIsMoving(false)}
        />
      )}
    </Row>
  )
}

/** Of the current row, or of the folder that is shown. */
function sharedPath(current: Entry | null, folder: string): string {
  if (current === null) return `${folder}/`
  return current.kind === 'file' ? current.path : `${current.path}/`
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
  readonly onSelect: (isRange: boolean) => void
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
  const lookAlike = findLookAlike(entry.name)
  const name = plainText(entry.name)
  return (
    <div
      role="listitem"
      className={classes['row']}
      aria-current={isCurrent}
      style={{ transform: `translateY(${top}px)` }}
    >
      {isMovable(entry) ? (
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={({ nativeEvent }) =>
            onSelect(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
      ) : (
        <span aria-hidden="true">▸</span>
      )}
      <span className={classes['name']}>
        {lookAlike !== null && (
          <span className={classes['mark']} title={lookAlike}>
            <Badge tone="warn">look-alike</Badge>
          </span>
        )}
        <button type="button" onClick={onOpen} title={name}>
          {name}
          {isFile ? '' : '/'}
        </button>
      </span>
      <span className={classes['size']}>{isFile ? formatBytes(entry.file.size) : ''}</span>
      <span className={classes['time']}>{isFile ? <Time at={entry.file.modifiedAt} /> : ''}</span>
    </div>
  )
}
