/** What lies there, and what happened in a day: of what whoever is signed in administrates. */
import type { Stats } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSession } from '../../app/session.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export function Figures(): ReactNode {
  const { api, me } = useSession()
  // A refusal would be an event, and many of them an alert.
  const isTold = 'actions' in me && me.actions.includes('admin')
  const found = useQuery({
    queryKey: ['stats'],
    queryFn: ({ signal }) => api.stats.get({}, { signal }),
    enabled: isTold,
    retry: false,
  })
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  if (found.data === undefined) return null
  return (
    <>
      <h2>What is here</h2>
      <Table label="What is here" heads={['What', 'How much']}>
        {rowsOf(found.data).map(([what, figure]) => (
          <tr key={what}>
            <td>{what}</td>
            <td>{figure}</td>
          </tr>
        ))}
      </Table>
    </>
  )
}

function rowsOf(stats: Stats): readonly (readonly [what: string, figure: ReactNode])[] {
  const { files, versions, uploads, links, shares, held, alerts, events, server } = stats
  return [
    ['Files', withBytes(files)],
    ['Older versions', withBytes(versions)],
    ['Uploads under way', count(uploads)],
    ['Links', states(links)],
    ['Shares', states(shares)],
    ['Waiting in quarantine', count(held)],
    ['Open alerts', count(alerts)],
    [
      'Refused in 24 hours',
      events.codes.length === 0
        ? 'nothing'
        : events.codes.map((each) => `${plus(each.count, events)} ${each.code}`).join(', '),
    ],
    ...(server === null ? [] : rowsOfServer(server)),
  ]
}

function rowsOfServer(
  server: NonNullable<Stats['server']>,
): readonly (readonly [what: string, figure: ReactNode])[] {
  const { version, catalog, blobs, oldestSigningKeyAt } = server
  return [
    ['Version', version],
    ['Kept in', `${catalog}, ${blobs}`],
    ...(oldestSigningKeyAt === null
      ? []
      : [['Oldest signing key', <Time key="time" at={oldestSigningKeyAt} />] as const]),
  ]
}

type Figure = Stats['uploads']

function plus(value: number, { isPartial }: Pick<Figure, 'isPartial'>): string {
  return isPartial ? `${value}+` : String(value)
}

function count(figure: Figure): string {
  return plus(figure.count, figure)
}

function withBytes(figure: Stats['files']): string {
  return `${count(figure)}, ${formatBytes(figure.bytes)}`
}

function states(figure: Stats['links']): string {
  const ended = plus(figure.ended, { isPartial: figure.isEndedPartial })
  return `${plus(figure.active, figure)} active, ${plus(figure.paused, figure)} paused, ${ended} ended`
}
