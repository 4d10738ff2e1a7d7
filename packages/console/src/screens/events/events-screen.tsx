/** The audit trail and what links and keys were used for, newest first, with filters; live if wanted. */
import type { AuditEvent } from '@hallpass/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { SearchHead } from '../../app/search-head.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, TextField } from '../../ui/field.tsx'
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

interface Filter {
  readonly path?: string
  readonly link?: string
  readonly key?: string
}

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

function Filters({ filter }: { readonly filter: Filter }): ReactNode {
  const [path, setPath] = useState(filter.path ?? '')
  const [link, setLink] = useState(filter.link ?? '')
  const navigate = useNavigate()
  const show = (): void => {
    const search = { ...(path !== '' && { path }), ...(link !== '' && { link }) }
    void navigate({ to: '/events', search })
  }
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
    </SearchHead>
  )
}

function StoredEvents({ filter }: { readonly filter: Filter }): ReactNode {
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

function LiveEvents({ filter }: { readonly filter: Filter }): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const [events, setEvents] = useState<readonly AuditEvent[]>([])
  const { path, link, key } = filter
  useEffect(() => {
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      const wanted = { ...(path && { path }), ...(link && { link }), ...(key && { key }) }
      for await (const event of api.events.stream(wanted, { signal: stop.signal })) {
        setEvents((before) => [event, ...before].slice(0, MOST_LIVE))
      }
    }
    follow().catch((error: unknown) => {
      if (!stop.signal.aborted && error instanceof Error) notices.fail(error)
    })
    return () => stop.abort()
  }, [api, notices, path, link, key])
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
