import { useEffect, useRef, useState } from 'react'
import type { DragEvent, ReactNode } from 'react'
import type { NamedFile } from '../../app/upload-queue.ts'
import { useAct } from '../../app/use-act.ts'
import { classNames } from '../../ui/class-names.ts'
import { readDrop } from './dropped-files.ts'
import classes from './files.module.css'

export interface DropZoneProps {
  readonly onDrop: (files: readonly NamedFile[]) => void
  readonly children: ReactNode
}

/** Takes files and folders that are dropped on it, or pasted while it is there. */
export function DropZone({ onDrop, children }: DropZoneProps): ReactNode {
  const [isOver, setIsOver] = useState(false)
  const act = useAct()
  usePastedFiles(onDrop)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    const { dataTransfer } = event
    act(async () => onDrop(await readDrop(dataTransfer)))
  }
  return (
    <div
      className={classNames(isOver && classes['dropping'])}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  )
}

/** Wherever the focus is: nothing in a folder shows that it could be pasted into. */
function usePastedFiles(onPaste: DropZoneProps['onDrop']): void {
  const current = useRef(onPaste)
  current.current = onPaste
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      const files = [...(clipboardData?.files ?? [])]
      if (files.length === 0 || document.querySelector('[role="dialog"]') !== null) return
      current.current(files.map((file) => ({ name: file.name, file })))
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [])
}
