/** How this server is reached: whether strangers can open its links, and as whom it sees this browser. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi, useSession } from '../../app/session.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Page } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

export function SettingsScreen(): ReactNode {
  const { me } = useSession()
  const api = useApi()
  const ready = useQuery({
    queryKey: ['ready'],
    queryFn: ({ signal }) => api.service.getReadiness({}, { signal }),
    refetchInterval: 10_000,
  })
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => api.service.getOpenApi({}, { signal }),
    staleTime: Infinity,
  })
  const publicUrl = publicUrlOf(document.data)
  return (
    <Page title="Settings">
      {document.isPending && <Loading />}
      {document.isError && <Failed error={document.error} />}
      <Table label="How the server is reached" heads={['What', 'How it is', 'State']}>
        <tr>
          <td>Server</td>
          <td>{ready.isError ? ready.error.message : 'It answers.'}</td>
          <td>
            {ready.isError ? <Badge tone="bad">not ready</Badge> : <Badge tone="good">ready</Badge>}
          </td>
        </tr>
        {publicUrl !== null && <PublicUrl publicUrl={publicUrl} />}
        <tr>
          <td>You</td>
          <td>
            {'name' in me ? me.name : me.subject} <code>{me.id}</code>
          </td>
          <td>{'actions' in me ? me.actions.join(', ') : ''}</td>
        </tr>
      </Table>
    </Page>
  )
}

function PublicUrl({ publicUrl }: { readonly publicUrl: string }): ReactNode {
  const { hostname, protocol } = new URL(publicUrl)
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(hostname)
  const isHere = publicUrl === location.origin
  return (
    <tr>
      <td>Public address</td>
      <td>
        {publicUrl}
        {isLocal ? ': strangers cannot open links with it. Set HALLPASS_PUBLIC_URL.' : ''}
        {!isLocal && protocol === 'http:'
          ? ': whoever is on the way reads links and files. Put TLS before it.'
          : ''}
        {isHere ? '' : ` You are at ${location.origin}.`}
      </td>
      <td>
        {isLocal || protocol === 'http:' ? (
          <Badge tone="warn">look at it</Badge>
        ) : (
          <Badge tone="good">good</Badge>
        )}
      </td>
    </tr>
  )
}

function publicUrlOf(document: Readonly<Record<string, unknown>> | undefined): string | null {
  const servers: unknown = document?.['servers']
  const first: unknown = Array.isArray(servers) ? servers[0] : null
  return typeof first === 'object' && first !== null && 'url' in first ? String(first.url) : null
}
