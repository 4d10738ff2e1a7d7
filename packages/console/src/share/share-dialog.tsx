/** One dialog from a file or folder to what is handed out: a link for programs, or a page for people. */
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Modal } from '../ui/modal.tsx'
import { Issued } from './issued.tsx'
import type { HandedOut } from './issued.tsx'
import { ShareTerms } from './share-terms.tsx'

export interface ShareDialogProps {
  /** Of the file; of a folder with a slash at its end; empty, where it is still to be named. */
  readonly path: string
  readonly onClose: () => void
}

export function ShareDialog({ path, onClose }: ShareDialogProps): ReactNode {
  const [issued, setIssued] = useState<HandedOut | null>(null)
  return (
    <Modal title={issued === null ? 'Share' : 'The link'} onClose={onClose}>
      {issued === null ? (
        <ShareTerms path={path} onIssued={setIssued} onClose={onClose} />
      ) : (
        <Issued link={issued} onClose={onClose} />
      )}
    </Modal>
  )
}
