import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import classes from './modal.module.css'
import { plainText } from './plain-text.ts'

export interface ModalProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A dialog that is open while it is there; Escape and a click beside it close it. */
export function Modal({ title, onClose, children }: ModalProps): ReactNode {
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={classes['backdrop']} />
        <Dialog.Popup className={classes['popup']}>
          <div className={classes['head']}>
            <Dialog.Title className={classes['title']}>{plainText(title)}</Dialog.Title>
            <Dialog.Close render={<Button kind="quiet" aria-label="Close" />}>✕</Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
