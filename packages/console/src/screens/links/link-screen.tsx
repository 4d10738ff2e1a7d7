/** One link: its terms, and everything that happened to it. */
import type { Link } from '@hallpass/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Page } from '../../ui/page.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './facts.module.css'
import { LinkStatus, describeUses } from './link-status.tsx'
import { useRevoke } from './use-revoke.ts'
import { UsesChart } from './uses-chart.tsx'

const route = getRouteApi('/links/$id')
const MOST_EVENTS = 1000

export function LinkScreen(): ReactNode {
  const { id } = route.useParams()
  const api = useApi()
  const found = useQuery({
    queryKey: ['links', id],
    queryFn: ({ signal }) => api.links.get({ id }, { signal }),
  })
  return (
    <Page
      title="Link"
      actions={found.data === undefined ? undefined : <LinkActions link={found.data} />}
    >
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Facts link={found.data} />}
      <Timeline id={id} />
    </Page>
  )
}

function LinkActions({ link }: { readonly link: Link }): ReactNode {
  const api = useApi()
  const act = useAct()
  const revoke = useRevoke()
  const queries = useQueryClient()
  if (link.status !== 'active') return null
  const change = (call: (input: { id: string }) => Promise<unknown>): void => {
    act(async () => {
      await call({ id: link.id })
      await queries.invalidateQueries({ queryKey: ['links'] })
    })
  }
  return (
    <>
      {link.pausedAt === null ? (
        <Button onClick={() => change(api.links.pause)}>Pause</Button>
      ) : (
        <Button onClick={() => change(api.links.resume)}>Resume</Button>
      )}
      <Button kind="danger" onClick={() => revoke([link])}>
        Revoke
      </Button>
    </>
  )
}

function Facts({ link }: { readonly link: Link }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Id', <code key="id">{link.id}</code>],
    ['File', plainText(link.path)],
    ['Status', <LinkStatus key="status" link={link} />],
    ['May', { GET: 'download', PUT: 'upload', POST: 'upload by a form' }[link.method]],
    ['Made', <Time key="made" at={link.createdAt} />],
    ['By', link.subject ?? link.createdBy],
    ['Ends', <Time key="ends" at={link.expiresAt} />],
    ['Uses', describeUses(link)],
    ['Bytes', formatBytes(link.bytes)],
    ['Label', link.label],
    ['Reason', link.reason],
    ['Not before', link.notBefore === null ? null : <Time key="before" at={link.notBefore} />],
    ['From', link.networks.length === 0 ? 'any address' : link.networks.join(', ')],
    ['Largest file', link.maxBytes === null ? null : formatBytes(link.maxBytes)],
    ['Types', link.contentTypes.join(', ')],
    ['Revoked by', link.revokedBy],
  ]
  return (
    <dl className={classes['facts']}>
      {facts
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => (
          <FactLine key={name} name={name} value={value} />
        ))}
    </dl>
  )
}

function FactLine({
  name,
  value,
}: {
  readonly name: string
  readonly value: ReactNode
}): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

function Timeline({ id }: { readonly id: string }): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['links', id, 'events'],
    queryFn: ({ signal }) => api.events.list({ link: id, limit: MOST_EVENTS }, { signal }),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  if (found.data.events.length === 0) return null
  return (
    <>
      <h2>What happened</h2>
      <UsesChart events={found.data.events} />
      {found.data.nextCursor !== null && <p>These are the newest {MOST_EVENTS} events.</p>}
      <ol className={classes['timeline']}>
        {found.data.events.map((event) => (
          <li key={event.id}>
            <Time at={event.at} />: {event.kind}
            {event.code === null ? '' : ` (${event.code})`}
            {event.address === null ? '' : ` from ${event.address}`}
            {event.count > 1 ? `, ${event.count} times` : ''}
            {event.bytes > 0 ? `, ${formatBytes(event.bytes)}` : ''}
          </li>
        ))}
      </ol>
    </>
  )
}
