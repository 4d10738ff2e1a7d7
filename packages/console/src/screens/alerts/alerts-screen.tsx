/** What looked wrong, why, and what can be done at once: stop the link, or say that it is fine. */
import type { Alert } from '@hallpass/client'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Actions, Page } from '../../ui/page.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

/** Rules that a newer server has besides are shown by their name. */
const SENTENCES: Readonly<Record<string, string>> = {
  'many-networks': 'One link is used from many networks, as if it had been passed on.',
  'impossible-pace': 'One link is used in places too far from each other for the time between.',
  'use-after-end': 'A link is asked for again and again after its end.',
  enumeration: 'Somebody tries names or links one after the other.',
  'hot-linking': 'The page of somebody else shows files by a link.',
  volume: 'One link gives out far more bytes than usual.',
  'key-new-network': 'A key is used from a network it never was used from.',
}

type State = 'open' | 'closed'

export function AlertsScreen(): ReactNode {
  const [state, setState] = useState<State>('open')
  return (
    <Page title="Alerts">
      <SelectField
        label="Show"
        choices={[
          { value: 'open', label: 'open alerts' },
          { value: 'closed', label: 'closed alerts' },
        ]}
        value={state}
        onChange={(event) => setState(event.target.value as State)}
      />
      <AlertList state={state} />
    </Page>
  )
}

function AlertList({ state }: { readonly state: State }): ReactNode {
  const api = useApi()
  const found = useInfiniteQuery({
    queryKey: ['alerts', state],
    queryFn: ({ pageParam, signal }) =>
      api.alerts.list({ state, ...(pageParam !== null && { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 15_000,
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const alerts = found.data.pages.flatMap((page) => page.alerts)
  if (alerts.length === 0) {
    return <Empty title={state === 'open' ? 'Nothing looks wrong' : 'No alert was closed yet'} />
  }
  return (
    <>
      <Table label="Alerts" heads={['What', 'About', 'How much', 'When', 'Actions']}>
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </Table>
      {found.hasNextPage && <Button onClick={() => void found.fetchNextPage()}>Show more</Button>}
    </>
  )
}

function AlertRow({ alert }: { readonly alert: Alert }): ReactNode {
  const { rule, subject, path, link, measured, threshold, times, lastAt, paused } = alert
  return (
    <tr>
      <td>{SENTENCES[rule] ?? rule}</td>
      <td>
        {link === null ? (
          subject
        ) : (
          <Link to="/links/$id" params={{ id: link }}>
            {path ?? link}
          </Link>
        )}
      </td>
      <td>
        {measured}, where {threshold} is the most
        {times > 1 ? `; ${times} times` : ''}
        {paused ? '; the link was paused' : ''}
      </td>
      <td>
        <Time at={lastAt} />
      </td>
      <td>{alert.closedAt === null && <AlertActions alert={alert} />}</td>
    </tr>
  )
}

function AlertActions({ alert: { id, link, paused } }: { readonly alert: Alert }): ReactNode {
  const api = useApi()
  const act = useAct()
  const queries = useQueryClient()
  const change = (call: () => Promise<unknown>): void => {
    act(async () => {
      await call()
      await queries.invalidateQueries({ queryKey: ['alerts'] })
      await queries.invalidateQueries({ queryKey: ['links'] })
    })
  }
  return (
    <Actions>
      {link !== null && !paused && (
        <Button onClick={() => change(() => api.links.pause({ id: link }))}>Pause the link</Button>
      )}
      <Button onClick={() => change(() => api.alerts.close({ id }))}>Dismiss</Button>
    </Actions>
  )
}
