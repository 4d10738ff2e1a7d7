import type { StoredFile } from '@hallpass/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

/** What the file was before; nothing where only one version is there. */
export function Versions({ file }: { readonly file: StoredFile }): ReactNode {
  const api = useApi()
  const act = useAct()
  const queries = useQueryClient()
  const found = useQuery({
    queryKey: ['files', 'versions', file.id],
    queryFn: ({ signal }) => api.files.listVersions({ id: file.id }, { signal }),
  })
  const versions = found.data?.versions ?? []
  if (versions.length < 2) return null
  const restore = (version: string): void => {
    act(async () => {
      await api.files.restore({ id: file.id, version })
      await queries.invalidateQueries({ queryKey: ['files'] })
    })
  }
  return (
    <>
      <h2>Versions</h2>
      <Table label="Versions" heads={['When', 'Size', 'Actions']}>
        {versions.map(({ version, modifiedAt, isDeleted, isLatest, size }) => (
          <tr key={version}>
            <td>
              <Time at={modifiedAt} />
            </td>
            <td>{isDeleted ? 'deleted' : formatBytes(size ?? 0)}</td>
            <td>
              {isLatest || isDeleted ? (
                ''
              ) : (
                <Button onClick={() => restore(version)}>Make it the current one</Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}
