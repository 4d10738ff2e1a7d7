/** Of a bucket that lies in a store of somebody else: what is different there. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'

export function MountNote({ folder }: { readonly folder: string }): ReactNode {
  const api = useApi()
  const [name = ''] = folder.split('/', 1)
  const found = useQuery({
    queryKey: ['buckets', name],
    queryFn: ({ signal }) => api.buckets.get({ name }, { signal }),
    enabled: name !== '',
    // Who may not ask about the bucket sees its files all the same.
    retry: false,
  })
  const store = found.data?.store
  if (store === undefined) return null
  return (
    <p role="note">
      These are the objects of <code>{store.url}</code>, where they lie.{' '}
      {store.readOnly
        ? 'They can be read, shared and linked; nothing can be uploaded, moved or deleted here.'
        : 'They can be read, shared, linked, uploaded and deleted; a file that is moved is copied and gets another id, nothing moves to or from other buckets, and what is deleted is gone for ever.'}{' '}
      A link ends when somebody replaces its file in the store.
    </p>
  )
}
