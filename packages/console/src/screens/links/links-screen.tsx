/** Every link that was handed out: for what, until when, used how often; revoke one, many, or all of a folder. */
import type { Link } from '@hallpass/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useErrand } from '../../app/errands.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useListKeys } from '../../app/use-list-keys.ts'
import type { ListKeys } from '../../app/use-list-keys.ts'
import { useSearchField } from '../../app/use-search-field.ts'
import { ShareDialog } from '../../share/share-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, Row, SelectField, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { LinkRow } from './link-row.tsx'
import { SweepDialog } from './sweep-dialog.tsx'
import { useRevoke } from './use-revoke.ts'

const route = getRouteApi('/links')
const STATUSES = ['active', 'used-up', 'expired', 'revoked']
const PAGE = 100

export function LinksScreen(): ReactNode {
  const { path, status = 'active', key } = route.useSearch()
  const [dialog, setDialog] = useState<'share' | 'sweep' | null>(null)
  useShortcuts({ n: () => setDialog('share') })
  useErrand({ 'new-link': () => setDialog('share'), sweep: () => setDialog('sweep') })
  return (
    <Page
      title="Links"
      actions={
        <>
          <Button onClick={() => setDialog('sweep')}>Revoke all of …</Button>
          <Button kind="primary" onClick={() => setDialog('share')}>
            New link
          </Button>
        </>
      }
    >
      <Filters />
      <LinkList query={{ path, status, key }} />
      {dialog === 'share' && <ShareDialog path={path ?? ''} onClose={() => setDialog(null)} />}
      {dialog === 'sweep' && <SweepDialog path={path ?? ''} onClose={() => setDialog(null)} />}
    </Page>
  )
}

function Filters(): ReactNode {
  const { path = '', status = 'active' } = route.useSearch()
  const [text, setText] = useState(path)
  const navigate = useNavigate()
  const field = useSearchField()
  const show = (next: { path: string; status: string }): void => {
    void navigate({
      to: '/links',
      search: { status: next.status, ...(next.path !== '' && { path: next.path }) },
    })
  }
  return (
    <Form onSubmit={() => show({ path: text.trim(), status })}>
      <Row>
        <TextField
          ref={field}
          type="search"
          label="File or folder"
          placeholder="acme/reports/"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <SelectField
          label="Status"
          value={status}
          choices={STATUSES.map((value) => ({ value, label: value }))}
          onChange={(event) => show({ path: text.trim(), status: event.target.value })}
        />
        <Button type="submit">Show</Button>
      </Row>
    </Form>
  )
}

interface LinkQuery {
  readonly path: string | undefined
  readonly status: string
  readonly key: string | undefined
}

function LinkList({ query }: { readonly query: LinkQuery }): ReactNode {
  const api = useApi()
  const found = useInfiniteQuery({
    queryKey: ['links', query],
    queryFn: ({ pageParam, signal }) =>
      api.links.list(
        {
          ...(query.path !== undefined && { path: query.path }),
          ...(query.key !== undefined && { key: query.key }),
          status: query.status as Link['status'],
          limit: PAGE,
          ...(pageParam !== null && { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const links = found.data.pages.flatMap((page) => page.links)
  if (links.length === 0) return <NoLinks />
  return (
    <>
      <Rows links={links} />
      {found.hasNextPage && (
        <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

function Rows({ links }: { readonly links: readonly Link[] }): ReactNode {
  const navigate = useNavigate()
  const revoke = useRevoke()
  const list = useListKeys({
    items: links,
    idOf: ({ id }) => id,
    onOpen: ({ id }) => void navigate({ to: '/links/$id', params: { id } }),
    keys: {
      r: (link) => revoke([link]),
      c: ({ id }) => void navigator.clipboard.writeText(id),
    },
  })
  return (
    <>
      <SelectedActions links={links} list={list} onRevoke={revoke} />
      <Table
        label="Links"
        heads={['Select', 'File', 'Status', 'Ends', 'Uses', 'Last used', 'Actions']}
      >
        {links.map((link, index) => (
          <LinkRow
            key={link.id}
            link={link}
            isCurrent={list.current?.id === link.id}
            isSelected={list.selected.has(link.id)}
            onSelect={() => list.toggle(index)}
            onRevoke={() => revoke([link])}
          />
        ))}
      </Table>
    </>
  )
}

interface SelectedActionsProps {
  readonly links: readonly Link[]
  readonly list: ListKeys<Link>
  readonly onRevoke: (links: readonly Link[]) => void
}

function SelectedActions({ links, list, onRevoke }: SelectedActionsProps): ReactNode {
  const chosen = links.filter(({ id }) => list.selected.has(id))
  if (chosen.length === 0) return null
  return (
    <Row>
      <span>{chosen.length} selected</span>
      <Button
        kind="danger"
        onClick={() => {
          onRevoke(chosen)
          list.clear()
        }}
      >
        Revoke the selected
      </Button>
      <Button onClick={list.clear}>Select none</Button>
    </Row>
  )
}

function NoLinks(): ReactNode {
  const command = `curl -X POST ${location.origin}/v1/links -H "Authorization: Bearer $HALLPASS_API_KEY" \\
  -H 'Content-Type: application/json' -d '{"path": "acme/report.pdf", "expiresIn": 300}'`
  return (
    <Empty title="No link like that" command={command}>
      <p>Links that were handed out stand here, with what became of them.</p>
    </Empty>
  )
}
