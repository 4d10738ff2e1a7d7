/** Ends every link made until now: of a file, of a folder, or of everything. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, SelectField, TextField } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed } from '../../ui/states.tsx'

type Reach = 'folder' | 'file' | 'all'

const REACHES = [
  { value: 'folder', label: 'A folder, with all below it' },
  { value: 'file', label: 'One file' },
  { value: 'all', label: 'Everything' },
]

export function SweepDialog({
  path,
  onClose,
}: {
  readonly path: string
  readonly onClose: () => void
}): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const [reach, setReach] = useState<Reach>('folder')
  const [target, setTarget] = useState(path.replace(/\/$/, ''))
  const sweep = useMutation({
    mutationFn: () => api.revocations.create(reach === 'all' ? { all: true } : { [reach]: target }),
    onSuccess: async () => {
      notices.show({ text: 'Every link made until now is dead there.' })
      await queries.invalidateQueries({ queryKey: ['links'] })
      onClose()
    },
  })
  return (
    <Modal title="Revoke every link made until now" onClose={onClose}>
      <p>
        Links, signed URLs and upload forms stop working within a second, whoever made them. This
        cannot be taken back; whoever holds a key can make new ones.
      </p>
      <Form onSubmit={() => sweep.mutate()}>
        <SelectField
          label="Of"
          choices={REACHES}
          value={reach}
          onChange={(event) => setReach(event.target.value as Reach)}
        />
        {reach !== 'all' && (
          <TextField
            label={reach === 'file' ? 'File' : 'Folder'}
            required
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          />
        )}
        {sweep.error !== null && <Failed error={sweep.error} />}
        <Actions>
          <Button kind="danger" type="submit" disabled={sweep.isPending}>
            Revoke
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </Actions>
      </Form>
    </Modal>
  )
}
