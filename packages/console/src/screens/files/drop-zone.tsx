import { useState } from 'react'
import type { DragEvent, ReactNode } from 'react'
import { useAct } from '../../app/use-act.ts'
import { classNames } from '../../ui/class-names.ts'
import { readDrop } from './dropped-files.ts'
import classes from './files.module.css'
import type { NamedFile } from './use-uploads.ts'

export interface DropZoneProps {
  readonly onDrop: (files: readonly NamedFile[]) => void
  readonly children: ReactNode
}

/** Takes files and folders that are dropped on it, or pasted while it is there. */
export function DropZone({ onDrop, children }: DropZoneProps): ReactNode {
  const [isOver, setIsOver] = useState(false)
  const act = useAct()
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
      onPaste={(event) => {
        const files = [...event.clipboardData.files]
        if (files.length > 0) onDrop(files.map((file) => ({ name: file.name, file })))
      }}
    >
      {children}
    </div>
  )
}
