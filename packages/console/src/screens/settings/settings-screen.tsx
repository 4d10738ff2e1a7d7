/** How this server is reached: whether strangers can open its links, and as whom it sees this browser. */
import type { Connection } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi, useSession } from '../../app/session.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Figures } from './figures.tsx'
import { judgeFiles, judgeProxy, judgePublicUrl } from './judge-connection.ts'
import type { Verdict } from './judge-connection.ts'
import { useIsAnswering } from './use-is-answering.ts'

export function SettingsScreen(): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['connection'],
    queryFn: ({ signal }) => api.connection.get({}, { signal }),
  })
  return (
    <Page
      title="Settings"
      actions={<Button onClick={() => void found.refetch()}>Look again</Button>}
    >
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Connected connection={found.data} />}
      <Figures />
    </Page>
  )
}

function Connected({ connection }: { readonly connection: Connection }): ReactNode {
  const { me } = useSession()
  const api = useApi()
  const ready = useQuery({
    queryKey: ['ready'],
    queryFn: ({ signal }) => api.service.getReadiness({}, { signal }),
    refetchInterval: 10_000,
  })
  const isAnswering = useIsAnswering(connection.publicUrl)
  const server: Verdict = ready.isError
    ? { tone: 'bad', says: ready.error.message }
    : { tone: 'good', says: 'It is ready.' }
  return (
    <Table label="How the server is reached" heads={['What', 'How it is', 'State']}>
      <Line what="Server" verdict={server} />
      <Line
        what="Public address"
        verdict={judgePublicUrl(connection, location.origin, isAnswering)}
      />
      <Line what="Links" verdict={judgeFiles(connection)} />
      <Line what="We see you as" verdict={judgeProxy(connection)} />
      <tr>
        <td>You are</td>
        <td>
          {'name' in me ? me.name : me.subject} <code>{me.id}</code>
        </td>
        <td>{'actions' in me ? me.actions.join(', ') : ''}</td>
      </tr>
    </Table>
  )
}

const WORDS = { good: 'good', warn: 'look at it', bad: 'not well' } as const

function Line({ what, verdict }: { readonly what: string; readonly verdict: Verdict }): ReactNode {
  const { tone, says } = verdict
  return (
    <tr>
      <td>{what}</td>
      <td>{says}</td>
      <td>
        <Badge tone={tone}>{WORDS[tone]}</Badge>
      </td>
    </tr>
  )
}
