/** One file: what it is, how it looks, its versions, and what can be done with it. */
import type { StoredFile } from '@hallpass/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Form, TextField } from '../../ui/field.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Modal } from '../../ui/modal.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Preview, isDocument } from './preview.tsx'
import { fileEntry } from './entries.ts'
import { useDeleteEntries } from './use-delete-entries.ts'
import { Versions } from './versions.tsx'

export interface FileDialogProps {
  readonly file: StoredFile
  readonly onShare: () => void
  readonly onClose: () => void
}

export function FileDialog({ file: listed, onShare, onClose }: FileDialogProps): ReactNode {
  const api = useApi()
  const remove = useDeleteEntries()
  const fresh = useQuery({
    queryKey: ['files', 'one', listed.id],
    queryFn: ({ signal }) => api.files.get({ id: listed.id }, { signal }),
    // What is looked at would begin anew.
    refetchOnWindowFocus: false,
  })
  // The list of a mounted bucket knows no types.
  const file = fresh.data ?? listed
  const isShown = fresh.data !== undefined && isDocument(fresh.data)
  const shown = useQuery({
    queryKey: ['files', 'shown', listed.id],
    queryFn: ({ signal }) => api.files.get({ id: listed.id, disposition: 'inline' }, { signal }),
    enabled: isShown,
    refetchOnWindowFocus: false,
  })
  const failed = [fresh, shown].find(({ isError }) => isError)
  const current = isShown ? shown : fresh
  const url = urlOf(current.data)
  const renew = async (): Promise<string | undefined> => urlOf((await current.refetch()).data)
  const openFile = async (): Promise<void> => {
    const living = isOver(current.data) ? await renew() : url
    if (living !== undefined) open(living, '_blank', 'noopener,noreferrer')
  }
  return (
    <Modal title={file.name} onClose={onClose}>
      <p>
        {formatBytes(file.size)}, {file.contentType}, changed <Time at={file.modifiedAt} />,{' '}
        {file.visibility}
      </p>
      {failed?.isError === true && (
        <Failed error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      {url !== undefined && <Preview file={file} url={url} renew={renew} />}
      <Actions>
        <Button kind="primary" onClick={onShare}>
          Share
        </Button>
        {url !== undefined && (
          <Button onClick={() => void openFile()}>{isDocument(file) ? 'Open' : 'Download'}</Button>
        )}
        <CopyButton text={file.path} label="Copy the path" />
        <Button
          kind="danger"
          onClick={() => {
            remove([fileEntry(file)])
            onClose()
          }}
        >
          Delete
        </Button>
      </Actions>
      <MoveForm file={file} onMoved={onClose} />
      <Versions file={file} />
    </Modal>
  )
}

function urlOf(file: StoredFile | undefined): string | undefined {
  return file?.signedUrl ?? file?.url
}

/** The dialog may stay open for longer than a signed URL lives. */
function isOver(file: StoredFile | undefined): boolean {
  return file?.expiresAt !== undefined && Date.parse(file.expiresAt) <= Date.now()
}

function MoveForm({
  file,
  onMoved,
}: {
  readonly file: StoredFile
  readonly onMoved: () => void
}): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const [path, setPath] = useState(file.path)
  const isHere = path.trim() === file.path
  const move = useMutation({
    mutationFn: (isCopy: boolean) => {
      const to = { id: file.id, path: path.trim() }
      return isCopy ? api.files.copy(to) : api.files.update(to)
    },
    onSuccess: async (_, isCopy) => {
      const to = path.trim()
      notices.show({
        text: isCopy ? `Copied to ${to}.` : `Moved to ${to}. Links to the old path are dead.`,
      })
      await queries.invalidateQueries({ queryKey: ['files'] })
      onMoved()
    },
  })
  return (
    <Form onSubmit={() => move.mutate(false)}>
      <TextField
        label="Move, rename or copy to"
        value={path}
        onChange={(event) => setPath(event.target.value)}
      />
      {move.error !== null && <Failed error={move.error} />}
      <Actions>
        <Button type="submit" disabled={isHere || move.isPending}>
          Move
        </Button>
        <Button disabled={isHere || move.isPending} onClick={() => move.mutate(true)}>
          Copy
        </Button>
      </Actions>
    </Form>
  )
}
