import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { readChosen } from './dropped-files.ts'
import classes from './files.module.css'
import type { NamedFile, Uploads } from './use-uploads.ts'

/** Chooses files, or a folder with all that is in it. */
export function UploadButtons({
  onChosen,
}: {
  readonly onChosen: (files: readonly NamedFile[]) => void
}): ReactNode {
  return (
    <>
      <ChooseButton label="Upload a folder" isFolder onChosen={onChosen} />
      <ChooseButton label="Upload files" isFolder={false} onChosen={onChosen} />
    </>
  )
}

interface ChooseButtonProps {
  readonly label: string
  readonly isFolder: boolean
  readonly onChosen: (files: readonly NamedFile[]) => void
}

function ChooseButton({ label, isFolder, onChosen }: ChooseButtonProps): ReactNode {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button kind={isFolder ? 'plain' : 'primary'} onClick={() => field.current?.click()}>
        {label}
      </Button>
      <input
        ref={field}
        hidden
        type="file"
        multiple
        webkitdirectory={isFolder ? '' : undefined}
        aria-label={label}
        onChange={({ target }) => {
          if (target.files !== null) onChosen(readChosen(target.files))
          target.value = ''
        }}
      />
    </>
  )
}

/** All that is on its way, and what became of it. */
export function UploadList({ uploads: { all, clear } }: { readonly uploads: Uploads }): ReactNode {
  if (all.length === 0) return null
  const shown = all.filter(({ state }) => state !== 'done').slice(0, 20)
  const done = all.filter(({ state }) => state === 'done').length
  return (
    <section aria-label="Uploads">
      <p role="status">
        {done} of {all.length} uploaded
      </p>
      <ul className={classes['uploads']}>
        {shown.map(({ id, path, sent, total, state, reason }) => (
          <li key={id}>
            <span>
              {path}
              {reason === null ? '' : `: ${reason}`}
            </span>
            <progress aria-label={`Upload of ${path}`} max={Math.max(total, 1)} value={sent} />
            <span>{state}</span>
          </li>
        ))}
      </ul>
      <Button onClick={clear}>Clear the list</Button>
    </section>
  )
}
