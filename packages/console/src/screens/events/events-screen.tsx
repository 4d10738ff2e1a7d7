/** The audit trail and what links and keys were used for, newest first, with filters; live if wanted. */
import type { AuditEvent, EventFilter } from '@hallpass/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { SearchHead } from '../../app/search-head.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, SelectField, TextField } from '../../ui/field.tsx'
import type { Choice } from '../../ui/field.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Page } from '../../ui/page.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { HoursChart } from './hours-chart.tsx'

const route = getRouteApi('/events')
/** The newest page is asked for again. */
const EVERY_MS = 10_000
/** Of what comes in live so many are kept on the page. */
const MOST_LIVE = 500

type Kind = AuditEvent['kind']

/** What people look for; an address can name any other kind. */
const KINDS: readonly (Choice & { readonly value: Kind | '' })[] = [
  { value: '', label: 'everything' },
  { value: 'request.refused', label: 'requests that were refused' },
  { value: 'upload.rejected', label: 'uploads that were refused' },
  { value: 'link.used', label: 'uses of links' },
  { value: 'link.previewed', label: 'previews of links' },
  { value: 'link.issued', label: 'links made' },
  { value: 'link.revoked', label: 'links revoked' },
  { value: 'file.read', label: 'reads with keys' },
  { value: 'file.created', label: 'files stored' },
  { value: 'file.moved', label: 'files moved' },
  { value: 'file.deleted', label: 'files deleted' },
  { value: 'folder.changed', label: 'changes of folders' },
  { value: 'key.created', label: 'keys made' },
  { value: 'key.revoked', label: 'keys revoked' },
  { value: 'alert.raised', label: 'alerts' },
]

export function EventsScreen(): ReactNode {
  const filter = route.useSearch()
  const [isLive, setIsLive] = useState(false)
  return (
    <Page title="Events">
      <Filters filter={filter} />
      <HoursChart filter={filter} />
      <Check
        label="Show what happens as it happens"
        checked={isLive}
        onChange={(event) => setIsLive(event.target.checked)}
      />
      {isLive ? (
        <LiveEvents key={JSON.stringify(filter)} filter={filter} />
      ) : (
        <StoredEvents filter={filter} />
      )}
    </Page>
  )
}

function Filters({ filter }: { readonly filter: EventFilter }): ReactNode {
  const [path, setPath] = useState(filter.path ?? '')
  const [link, setLink] = useState(filter.link ?? '')
  const [kind, setKind] = useState<string>(filter.kind ?? '')
  const navigate = useNavigate()
  const show = (): void => {
    const wanted = { path, link, kind }
    const said = Object.entries(wanted).filter(([, value]) => value !== '')
    void navigate({ to: '/events', search: Object.fromEntries(said) })
  }
  const isListed = KINDS.some(({ value }) => value === kind)
  return (
    <SearchHead
      label="File, or folder with a slash"
      value={path}
      onChange={(value) => setPath(value.trim())}
      onShow={show}
    >
      <TextField
        label="Id of a link"
        value={link}
        onChange={(event) => setLink(event.target.value.trim())}
      />
      <SelectField
        label="What happened"
        choices={isListed ? KINDS : [...KINDS, { value: kind, label: kind }]}
        value={kind}
        onChange={(event) => setKind(event.target.value)}
      />
    </SearchHead>
  )
}

function StoredEvents({ filter }: { readonly filter: EventFilter }): ReactNode {
  const api = useApi()
  const found = useInfiniteQuery({
    queryKey: ['events', filter],
    queryFn: ({ pageParam, signal }) =>
      api.events.list({ ...filter, ...(pageParam !== null && { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // What was used is written in batches, and comes after what led here. Whoever has read on is left where they are.
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? EVERY_MS : false),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const events = found.data.pages.flatMap((page) => page.events)
  if (events.length === 0) return <Empty title="Nothing like that happened" />
  return (
    <>
      <EventTable events={events} />
      {found.hasNextPage && <Button onClick={() => void found.fetchNextPage()}>Show more</Button>}
    </>
  )
}

function LiveEvents({ filter }: { readonly filter: EventFilter }): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const [events, setEvents] = useState<readonly AuditEvent[]>([])
  useEffect(() => {
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const event of api.events.stream(filter, { signal: stop.signal })) {
        setEvents((before) => [event, ...before].slice(0, MOST_LIVE))
      }
    }
    follow().catch((error: unknown) => {
      if (!stop.signal.aborted && error instanceof Error) notices.fail(error)
    })
    return () => stop.abort()
  }, [api, notices, filter])
  if (events.length === 0) return <p role="status">Waiting for something to happen …</p>
  return <EventTable events={events} />
}

function EventTable({ events }: { readonly events: readonly AuditEvent[] }): ReactNode {
  return (
    <Table label="Events" heads={['When', 'What', 'Where', 'Who', 'From', 'Bytes']}>
      {events.map((event) => (
        <tr key={event.id}>
          <td>
            <Time at={event.at} />
          </td>
          <td>
            {event.kind}
            {event.code === null ? '' : ` (${event.code})`}
            {event.count > 1 ? ` × ${event.count}` : ''}
          </td>
          <td>{plainText(event.path ?? event.target ?? '')}</td>
          <td>{event.subject ?? event.key ?? 'the server'}</td>
          <td>{event.address ?? ''}</td>
          <td>{event.bytes > 0 ? formatBytes(event.bytes) : ''}</td>
        </tr>
      ))}
    </Table>
  )
}
