/** All that is on its way, in one place on every screen, and what became of it. */
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format.ts'
import { plainText } from '../ui/plain-text.ts'
import classes from './upload-panel.module.css'
import type { QueuedUpload, UploadQueue } from './upload-queue.ts'
import { useUploadList, useUploads } from './uploads.tsx'

const MOST_SHOWN = 20

export function UploadPanel(): ReactNode {
  const queue = useUploads()
  const all = useUploadList()
  if (all.length === 0) return null
  const open = all.filter(({ state }) => state !== 'done')
  const sentWhole = all.filter(({ state }) => state === 'done' || state === 'held')
  const sum = (of: (one: QueuedUpload) => number): number => all.reduce((n, one) => n + of(one), 0)
  const [sent, total] = [sum((one) => one.sent), sum((one) => one.total)]
  return (
    <section aria-label="Uploads" className={classes['panel']}>
      <p role="status">
        {sentWhole.length} of {all.length} uploaded
      </p>
      <progress aria-label="All uploads" max={Math.max(total, 1)} value={sent} />
      <p>
        {formatBytes(sent)} of {formatBytes(total)}
      </p>
      <ul>
        {open.slice(0, MOST_SHOWN).map((one) => (
          <UploadLine key={one.id} upload={one} queue={queue} />
        ))}
      </ul>
      {open.length > MOST_SHOWN && <p>{open.length - MOST_SHOWN} more wait.</p>}
      <Button onClick={queue.clear}>Clear the list</Button>
    </section>
  )
}

interface UploadLineProps {
  readonly upload: QueuedUpload
  readonly queue: UploadQueue
}

function UploadLine({ upload: one, queue }: UploadLineProps): ReactNode {
  const { id, sent, total, state, reason } = one
  const path = plainText(one.path)
  return (
    <li>
      <span className={classes['path']}>
        {path}
        {reason === null ? '' : `: ${reason}`}
      </span>
      <progress aria-label={`Upload of ${path}`} max={Math.max(total, 1)} value={sent} />
      <span>{state}</span>
      {state === 'running' && <Act what="Pause" path={path} onClick={() => queue.pause(id)} />}
      {state === 'paused' && <Act what="Go on" path={path} onClick={() => queue.resume(id)} />}
      {state === 'failed' && <Act what="Try again" path={path} onClick={() => queue.retry(id)} />}
      {state !== 'held' && <Act what="Cancel" path={path} onClick={() => queue.cancel(id)} />}
    </li>
  )
}

interface ActProps {
  readonly what: string
  readonly path: string
  readonly onClick: () => void
}

function Act({ what, path, onClick }: ActProps): ReactNode {
  return (
    <Button kind="quiet" aria-label={`${what}: ${path}`} onClick={onClick}>
      {what}
    </Button>
  )
}
