/** Buckets and folders: a list of any length, uploads by dropping, and what can be done with a file. */
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useErrand } from '../../app/errands.tsx'
import { SearchHead } from '../../app/search-head.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useUploads } from '../../app/uploads.tsx'
import { ShareDialog } from '../../share/share-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { DropZone } from './drop-zone.tsx'
import { EmptyFolder } from './empty-folder.tsx'
import type { Entry } from './entries.ts'
import { folderTrail } from './entries.ts'
import { EntryList } from './entry-list.tsx'
import { FileDialog } from './file-dialog.tsx'
import classes from './files.module.css'
import { FirstSteps, isUnused } from './first-steps.tsx'
import { FolderDialog } from './folder-dialog.tsx'
import { FolderTree } from './folder-tree.tsx'
import { MountNote } from './mount-note.tsx'
import { NewBucketDialog } from './new-bucket-dialog.tsx'
import { UploadButtons } from './upload-buttons.tsx'
import { useEntries } from './use-entries.ts'

const route = getRouteApi('/files')

type Open =
  | { readonly kind: 'file'; readonly entry: Extract<Entry, { kind: 'file' }> }
  | { readonly kind: 'share'; readonly path: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'bucket' }

export function FilesScreen(): ReactNode {
  const { folder = '', startsWith = '' } = route.useSearch()
  const [open, setOpen] = useState<Open | null>(null)
  const uploads = useUploads()
  const navigate = useNavigate()
  const close = (): void => setOpen(null)
  useShortcuts({
    n: () => folder === '' && setOpen({ kind: 'bucket' }),
  })
  useErrand({
    'new-bucket': () => setOpen({ kind: 'bucket' }),
    'share-folder': () => folder !== '' && setOpen({ kind: 'share', path: `${folder}/` }),
  })
  const openEntry = (entry: Entry): void => {
    if (entry.kind === 'file') setOpen({ kind: 'file', entry })
    else void navigate({ to: '/files', search: { folder: entry.path } })
  }
  return (
    <Page
      title="Files"
      actions={
        <FolderActions
          folder={folder}
          onOpen={setOpen}
          onUpload={(files) => uploads.add(folder, files)}
        />
      }
    >
      <Trail folder={folder} />
      <MountNote folder={folder} />
      <Search key={folder} folder={folder} startsWith={startsWith} />
      <div className={classes['beside']}>
        <FolderTree folder={folder} />
        <Entries
          key={`${folder}/${startsWith}`}
          folder={folder}
          startsWith={startsWith}
          onOpen={openEntry}
          onShare={(path) => setOpen({ kind: 'share', path })}
          onDrop={(files) => uploads.add(folder, files)}
          onBucket={() => setOpen({ kind: 'bucket' })}
        />
      </div>
      {open?.kind === 'file' && (
        <FileDialog
          file={open.entry.file}
          onShare={() => setOpen({ kind: 'share', path: open.entry.path })}
          onClose={close}
        />
      )}
      {open?.kind === 'share' && <ShareDialog path={open.path} onClose={close} />}
      {open?.kind === 'folder' && <FolderDialog folder={folder} onClose={close} />}
      {open?.kind === 'bucket' && <NewBucketDialog onClose={close} />}
    </Page>
  )
}

interface FolderActionsProps {
  readonly folder: string
  readonly onOpen: (what: Open) => void
  readonly onUpload: Parameters<typeof UploadButtons>[0]['onChosen']
}

function FolderActions({ folder, onOpen, onUpload }: FolderActionsProps): ReactNode {
  if (folder === '') {
    return (
      <Button kind="primary" onClick={() => onOpen({ kind: 'bucket' })}>
        New bucket
      </Button>
    )
  }
  return (
    <>
      <Button onClick={() => onOpen({ kind: 'share', path: `${folder}/` })}>
        Share the folder
      </Button>
      <Button onClick={() => onOpen({ kind: 'folder' })}>Who may see it</Button>
      <UploadButtons onChosen={onUpload} />
    </>
  )
}

function Trail({ folder }: { readonly folder: string }): ReactNode {
  return (
    <nav className={classes['trail']} aria-label="Where you are">
      <Link to="/files" search={{}}>
        All buckets
      </Link>
      {folderTrail(folder).map(({ path, name }) => (
        <span key={path}>
          {' / '}
          <Link to="/files" search={{ folder: path }}>
            {plainText(name)}
          </Link>
        </span>
      ))}
    </nav>
  )
}

/** Narrows the list to names that begin so, on the server: whatever lies in a folder is found at once. */
function Search({ folder, startsWith }: Pick<EntriesProps, 'folder' | 'startsWith'>): ReactNode {
  const [text, setText] = useState(startsWith)
  const navigate = useNavigate()
  const show = (): void => {
    const search = {
      ...(folder !== '' && { folder }),
      ...(text !== '' && { startsWith: text }),
    }
    void navigate({ to: '/files', search })
  }
  return <SearchHead label="Names that begin with" value={text} onChange={setText} onShow={show} />
}

interface EntriesProps {
  readonly folder: string
  readonly startsWith: string
  readonly onOpen: (entry: Entry) => void
  readonly onShare: (path: string) => void
  readonly onDrop: Parameters<typeof DropZone>[0]['onDrop']
  readonly onBucket: () => void
}

function Entries(props: EntriesProps): ReactNode {
  const { folder, startsWith, onOpen, onShare, onDrop, onBucket } = props
  const { found, rows } = useEntries(folder, startsWith)
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const isFirst = folder === '' && startsWith === '' && isUnused(rows)
  const list =
    rows.length === 0 ? (
      <EmptyFolder folder={folder} startsWith={startsWith} />
    ) : (
      <EntryList
        folder={folder}
        entries={rows}
        hasMore={found.hasNextPage}
        isLoading={found.isFetchingNextPage}
        onMore={() => void found.fetchNextPage()}
        onOpen={onOpen}
        onShare={onShare}
      />
    )
  if (isFirst) {
    return (
      <div>
        <FirstSteps onBucket={onBucket} />
        {rows.length > 0 && list}
      </div>
    )
  }
  return folder === '' ? <div>{list}</div> : <DropZone onDrop={onDrop}>{list}</DropZone>
}
