/** Files that were selected, on their way into another folder. */
import type { StoredFile } from '@hallpass/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, TextField } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed } from '../../ui/states.tsx'
import { inTurn } from './in-turn.ts'

export interface MoveDialogProps {
  readonly files: readonly StoredFile[]
  readonly folder: string
  readonly onDone: () => void
  readonly onClose: () => void
}

export function MoveDialog({ files, folder, onDone, onClose }: MoveDialogProps): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const [target, setTarget] = useState(folder)
  const to = target.trim().replace(/^\/+|\/+$/g, '')
  const send = useMutation({
    mutationFn: (isCopy: boolean) =>
      inTurn(files, ({ id, name }) => {
        const path = `${to}/${name}`
        return isCopy ? api.files.copy({ id, path }) : api.files.update({ id, path })
      }),
    onSuccess: (_, isCopy) => {
      const what = `${files.length} ${files.length === 1 ? 'file' : 'files'}`
      notices.show({
        text: isCopy ? `${what} copied.` : `${what} moved. Links to the old paths are dead.`,
      })
      onDone()
    },
    // Some may have gone before one failed.
    onSettled: () => queries.invalidateQueries({ queryKey: ['files'] }),
  })
  const isNowhere = to === '' || to === folder
  return (
    <Modal title={`Move or copy ${files.length} selected`} onClose={onClose}>
      <Form onSubmit={() => send.mutate(false)}>
        <TextField
          label="Into the folder"
          required
          value={target}
          onChange={(event) => setTarget(event.target.value)}
          hint="Names stay. A file that is there already is not replaced."
        />
        {send.error !== null && <Failed error={send.error} />}
        <Actions>
          <Button kind="primary" type="submit" disabled={isNowhere || send.isPending}>
            Move
          </Button>
          <Button disabled={isNowhere || send.isPending} onClick={() => send.mutate(true)}>
            Copy
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </Actions>
      </Form>
    </Modal>
  )
}
