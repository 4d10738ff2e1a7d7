/** Shows what ends with a key before it ends. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Form } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'

export interface KeyToEnd {
  readonly kind: 'api-key' | 'access-key'
  readonly id: string
  readonly name: string
}

export function RevokeKeyDialog({
  target,
  onClose,
}: {
  readonly target: KeyToEnd
  readonly onClose: () => void
}): ReactNode {
  const { kind, id, name } = target
  const api = useApi()
  const calls = kind === 'api-key' ? api.apiKeys : api.accessKeys
  const notices = useNotices()
  const queries = useQueryClient()
  const [isWithAll, setIsWithAll] = useState(false)
  const found = useQuery({
    queryKey: ['keys', id, 'descendants'],
    queryFn: ({ signal }) => calls.listDescendants({ id }, { signal }),
  })
  const revoke = useMutation({
    mutationFn: () => calls.revoke({ id, ...(isWithAll && { descendants: true }) }),
    onSuccess: async () => {
      notices.show({ text: `${name} is revoked.` })
      await queries.invalidateQueries({ queryKey: ['keys'] })
      onClose()
    },
  })
  const made = found.data?.descendants ?? []
  return (
    <Modal title={`Revoke ${name}`} onClose={onClose}>
      <p>Whatever it signed or is used for is refused everywhere within a second, for ever.</p>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      <Form onSubmit={() => revoke.mutate()}>
        {made.length > 0 && (
          <>
            <p>It made these keys, which live on unless they end with it:</p>
            <ul>
              {made.map((key) => (
                <li key={key.id}>
                  {key.name} <code>{key.id}</code>
                </li>
              ))}
            </ul>
            <Check
              label={`Revoke ${made.length === 1 ? 'that key' : `those ${made.length} keys`} too`}
              checked={isWithAll}
              onChange={(event) => setIsWithAll(event.target.checked)}
            />
          </>
        )}
        {revoke.error !== null && <Failed error={revoke.error} />}
        <Actions>
          <Button kind="danger" type="submit" disabled={revoke.isPending || !found.isSuccess}>
            Revoke
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </Actions>
      </Form>
    </Modal>
  )
}
