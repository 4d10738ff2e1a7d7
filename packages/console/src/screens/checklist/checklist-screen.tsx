/** The seventeen items of the security checklist as they stand on this server, each with what to do. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/badge.tsx'
import { Page } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

const TONES: Readonly<Record<'passed' | 'advice' | 'failed', Tone>> = {
  passed: 'good',
  advice: 'warn',
  failed: 'bad',
}

export function ChecklistScreen(): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['checklist'],
    queryFn: ({ signal }) => api.checklist.get({}, { signal }),
  })
  return (
    <Page title="Checklist">
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && (
        <Table label="The security checklist" heads={['Item', 'How it stands', 'State']}>
          {found.data.items.map(({ id, number, title, status, findings }) => (
            <tr key={id}>
              <td>
                {number === null ? '' : `${number}. `}
                {title}
              </td>
              <td>
                {findings.length === 0
                  ? 'The server keeps to it, whatever is set.'
                  : findings.map(({ id: finding, found: what, remedy }) => (
                      <p key={finding}>
                        {what} {remedy ?? ''}
                      </p>
                    ))}
              </td>
              <td>
                <Badge tone={TONES[status]}>{status}</Badge>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  )
}
