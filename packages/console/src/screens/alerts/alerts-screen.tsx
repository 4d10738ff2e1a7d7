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
import { plainText } from '../../ui/plain-text.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

interface Rule {
  readonly says: string
  /** False where the numbers say nothing beside that it happened. */
  readonly isMeasured: boolean
}

const RULES: Readonly<Record<Alert['rule'], Rule>> = {
  'many-networks': measured('One link is used from many networks, as if it had been passed on.'),
  'impossible-pace': measured(
    'One link is used in places too far from each other for the time between.',
  ),
  'use-after-end': measured('A link is asked for again and again after its end.'),
  enumeration: measured('Somebody tries names or links one after the other.'),
  'hot-linking': measured('The page of somebody else shows files by a link.'),
  volume: measured('One link gives out far more than usual.'),
  'key-new-network': plain('A key is used from a network it never was used from.'),
  'scanner-lost': plain('Who looks at files before anybody sees them does not answer.'),
  'damaged-blob': plain('Stored bytes are missing, or are not those that were written.'),
  'key-ends-in-week': plain('A key ends within a week.'),
  'key-ends-in-day': plain('A key ends within a day.'),
  'store-refuses': plain('The object store lets the server do nothing any more.'),
}

function measured(says: string): Rule {
  return { says, isMeasured: true }
}

function plain(says: string): Rule {
  return { says, isMeasured: false }
}

/** One that a newer server has besides is shown by its name. */
function findRule(name: Alert['rule']): Rule {
  return Object.hasOwn(RULES, name) ? RULES[name] : measured(name)
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
  const { subject, path, link, lastAt } = alert
  return (
    <tr>
      <td>{findRule(alert.rule).says}</td>
      <td>
        {link === null ? (
          subject
        ) : (
          <Link to="/links/$id" params={{ id: link }}>
            {plainText(path ?? link)}
          </Link>
        )}
      </td>
      <td>{describe(alert)}</td>
      <td>
        <Time at={lastAt} />
      </td>
      <td>{alert.closedAt === null && <AlertActions alert={alert} />}</td>
    </tr>
  )
}

function describe({ rule, measured: found, threshold, times, paused }: Alert): string {
  return [
    findRule(rule).isMeasured ? `${found}, where ${threshold} is the most` : null,
    times > 1 ? `${times} times` : null,
    paused ? 'the link was paused' : null,
  ]
    .filter((part) => part !== null)
    .join('; ')
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
