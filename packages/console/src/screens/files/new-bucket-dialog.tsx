import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, TextField } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { Failed } from '../../ui/states.tsx'

export function NewBucketDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const api = useApi()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => api.buckets.put({ name: name.trim() }),
    onSuccess: async (bucket) => {
      await queries.invalidateQueries({ queryKey: ['files'] })
      onClose()
      await navigate({ to: '/files', search: { folder: bucket.name } })
    },
  })
  return (
    <Modal title="New bucket" onClose={onClose}>
      <Form onSubmit={() => make.mutate()}>
        <TextField
          label="Name"
          required
          minLength={3}
          maxLength={63}
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="3 to 63 lower-case letters, digits, dots and hyphens, as in S3."
        />
        {make.error !== null && <Failed error={make.error} />}
        <div>
          <Button kind="primary" type="submit" disabled={make.isPending}>
            Make the bucket
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
