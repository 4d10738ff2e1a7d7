/** What may be linked in a folder: every line that holds, where it comes from, and a change tried out before it is made. */
import type { PolicyView } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { SearchHead } from '../../app/search-head.tsx'
import { linesOf } from '../../share/policy-lines.ts'
import { Page } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { PolicyEditor } from './policy-editor.tsx'

const route = getRouteApi('/policy')

export function PolicyScreen(): ReactNode {
  const { folder = '' } = route.useSearch()
  const api = useApi()
  const found = useQuery({
    queryKey: ['policy', folder],
    queryFn: ({ signal }) =>
      folder === ''
        ? api.policy.get({}, { signal })
        : api.folders.getPolicy({ path: folder }, { signal }),
  })
  return (
    <Page title="Policy">
      <FolderField folder={folder} />
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && (
        <>
          <Lines view={found.data} />
          <PolicyEditor key={`${folder} ${found.data.version}`} folder={folder} view={found.data} />
        </>
      )}
    </Page>
  )
}

function FolderField({ folder }: { readonly folder: string }): ReactNode {
  const [text, setText] = useState(folder)
  const navigate = useNavigate()
  const show = (): void => {
    const path = text.trim().replace(/\/+$/, '')
    void navigate({ to: '/policy', search: path === '' ? {} : { folder: path } })
  }
  return (
    <SearchHead
      label="Folder"
      placeholder="the whole server"
      value={text}
      onChange={setText}
      onShow={show}
    />
  )
}

function Lines({ view }: { readonly view: PolicyView }): ReactNode {
  return (
    <Table label="What holds here" heads={['Line', 'What holds', 'Said by']}>
      {linesOf(view).map(([name, { value, from }]) => (
        <tr key={name}>
          <td>
            <code>{name}</code>
          </td>
          <td>{showValue(value)}</td>
          <td>{from === null ? 'the standard' : from}</td>
        </tr>
      ))}
    </Table>
  )
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return JSON.stringify(value)
}
