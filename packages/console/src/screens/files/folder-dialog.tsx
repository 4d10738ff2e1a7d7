/** Who may see a folder: whoever knows an address in it, or only who has a link or a key. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'

export function FolderDialog({
  folder,
  onClose,
}: {
  readonly folder: string
  readonly onClose: () => void
}): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const found = useQuery({
    queryKey: ['folders', folder],
    queryFn: ({ signal }) => api.folders.get({ path: folder }, { signal }),
  })
  const change = useMutation({
    mutationFn: (visibility: 'public' | 'private') => api.folders.put({ path: folder, visibility }),
    onSuccess: async ({ visibility }) => {
      notices.show({ text: `${folder} is ${visibility} now.` })
      await queries.invalidateQueries({ queryKey: ['folders'] })
      await queries.invalidateQueries({ queryKey: ['files'] })
      onClose()
    },
  })
  const isPublic = found.data?.visibility === 'public'
  return (
    <Modal title={folder} onClose={onClose}>
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && (
        <>
          <p>
            {isPublic
              ? 'Public: whoever knows the address of a file here reads it, for ever, without a link or a key.'
              : 'Private: a file here is read with a link, until it ends, or with a key.'}
          </p>
          {!isPublic && (
            <p role="note">
              <strong>Making it public cannot be taken back for what was read meanwhile:</strong>{' '}
              browsers, caches and search engines keep copies.
            </p>
          )}
          {change.error !== null && <Failed error={change.error} />}
          <Actions>
            <Button
              kind={isPublic ? 'primary' : 'danger'}
              disabled={change.isPending}
              onClick={() => change.mutate(isPublic ? 'private' : 'public')}
            >
              {isPublic ? 'Make it private' : 'Make it public'}
            </Button>
            <Link to="/policy" search={{ folder }}>
              What may be linked here
            </Link>
          </Actions>
        </>
      )}
    </Modal>
  )
}
