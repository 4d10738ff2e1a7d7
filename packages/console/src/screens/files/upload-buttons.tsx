import { useRef } from 'react'
import type { ReactNode } from 'react'
import type { NamedFile } from '../../app/upload-queue.ts'
import { Button } from '../../ui/button.tsx'
import { readChosen } from './dropped-files.ts'

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
