import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { TextField } from '../ui/field.tsx'
import { isOfThisMachine } from '../ui/is-of-this-machine.ts'
import { Actions } from '../ui/page.tsx'
import { Qr } from '../ui/qr.tsx'
import { Time } from '../ui/time.tsx'

export interface HandedOut {
  readonly url: string
  readonly expiresAt: string
  /** It takes the bytes of a file. */
  readonly isUpload: boolean
}

export interface IssuedProps {
  readonly link: HandedOut
  readonly onClose: () => void
}

/** What was made, to copy or to photograph; not before it was said that others cannot open it, where that is so. */
export function Issued({ link, onClose }: IssuedProps): ReactNode {
  const { url, expiresAt, isUpload } = link
  const isLocal = isOfThisMachine(url)
  const [isShown, setIsShown] = useState(!isLocal)
  if (!isShown) {
    return (
      <>
        <p role="alert">
          The link leads to {new URL(url).host}, which is this machine alone: whoever you give it to
          finds nothing there. Set HALLPASS_PUBLIC_URL to the address that others know.
        </p>
        <Actions>
          <Button onClick={() => setIsShown(true)}>Show it for this machine</Button>
          <Button onClick={onClose}>Done</Button>
        </Actions>
      </>
    )
  }
  return (
    <>
      <p>
        It works until <Time at={expiresAt} /> and is shown this once: the server keeps no link.
        {isLocal ? ' It opens on this machine alone.' : ''}
      </p>
      <TextField label="Link" readOnly value={url} onFocus={(event) => event.target.select()} />
      <Qr text={url} />
      <Actions>
        <CopyButton kind="primary" text={url} label="Copy the link" />
        {isUpload && <CopyButton text={`curl -T FILE '${url}'`} label="Copy the curl command" />}
        <Button onClick={onClose}>Done</Button>
      </Actions>
    </>
  )
}
