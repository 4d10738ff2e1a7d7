/** Files and folders that were selected, on their way to another place; one alone can get another name, too. */
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Form, TextField } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { Actions } from '../../ui/page.tsx'
import type { Entry } from './entries.ts'
import { useMoveEntries } from './use-move-entries.ts'

export interface MoveDialogProps {
  readonly entries: readonly Entry[]
  /** In which they lie. */
  readonly folder: string
  readonly onDone: () => void
  readonly onClose: () => void
}

export function MoveDialog({ entries, folder, onDone, onClose }: MoveDialogProps): ReactNode {
  const [first, ...others] = entries
  const only = others.length === 0 ? first : undefined
  const [target, setTarget] = useState(only?.path ?? folder)
  const start = useMoveEntries()
  const to = target.trim().replace(/^\/+|\/+$/g, '')
  const from = only?.path ?? folder
  const send = (isCopy: boolean): void => {
    start({ entries, isCopy, pathOf: (path) => `${to}${path.slice(from.length)}` })
    onDone()
    onClose()
  }
  const isInItself = entries.some(
    ({ kind, path }) => kind === 'folder' && `${to}/`.startsWith(`${path}/`),
  )
  const isNowhere = to === '' || to === from || isInItself
  const title = only === undefined ? `Move or copy ${entries.length} selected` : only.name
  return (
    <Modal title={title} onClose={onClose}>
      <Form onSubmit={() => send(false)}>
        <TextField
          label={only === undefined ? 'Into the folder' : 'Move, rename or copy to'}
          required
          value={target}
          onChange={(event) => setTarget(event.target.value)}
          hint={
            isInItself && to !== from
              ? 'A folder cannot go into itself.'
              : 'A file that is there already is not replaced.'
          }
        />
        <Actions>
          <Button kind="primary" type="submit" disabled={isNowhere}>
            Move
          </Button>
          <Button disabled={isNowhere} onClick={() => send(true)}>
            Copy
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </Actions>
      </Form>
    </Modal>
  )
}
