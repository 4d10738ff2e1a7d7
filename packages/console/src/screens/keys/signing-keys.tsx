/** The keys that the server signs links with by itself. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useAct } from '../../app/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export function SigningKeys(): ReactNode {
  const api = useApi()
  const act = useAct()
  const queries = useQueryClient()
  const found = useQuery({
    queryKey: ['keys', 'signing'],
    queryFn: ({ signal }) => api.signingKeys.list({}, { signal }),
  })
  const rotate = (): void => {
    act(async () => {
      await api.signingKeys.rotate()
      await queries.invalidateQueries({ queryKey: ['keys', 'signing'] })
    })
  }
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  return (
    <>
      <h2>Signing keys</h2>
      <p>
        The server signs its links with the newest; links that an older one signed work until they
        end.
      </p>
      <Table label="Signing keys" heads={['Id', 'State', 'Made']}>
        {found.data.signingKeys.map((key) => (
          <tr key={key.id}>
            <td>
              <code>{key.id}</code>
            </td>
            <td>{key.state}</td>
            <td>
              <Time at={key.createdAt} />
            </td>
          </tr>
        ))}
      </Table>
      <div>
        <Button onClick={rotate}>Rotate</Button>
      </div>
    </>
  )
}
