/** API keys and S3 access keys: what they may, when they were used, and their end. */
import type { ApiKey } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { useErrand } from '../../app/errands.tsx'
import { useShortcuts } from '../../app/shortcuts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { AnyKey } from './kept-terms.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'
import type { KeyToEnd } from './revoke-key-dialog.tsx'
import { SigningKeys } from './signing-keys.tsx'

const HEADS = ['Name', 'May', 'Where', 'State', 'Last used', 'Ends', 'Actions']

export function KeysScreen(): ReactNode {
  const [isMaking, setIsMaking] = useState(false)
  const [ending, setEnding] = useState<KeyToEnd | null>(null)
  const [replacing, setReplacing] = useState<AnyKey | null>(null)
  const end = ({ kind, key: { id, name } }: AnyKey): void => setEnding({ kind, id, name })
  useShortcuts({ n: () => setIsMaking(true) })
  useErrand({ 'new-key': () => setIsMaking(true) })
  return (
    <Page
      title="Keys"
      actions={
        <Button kind="primary" onClick={() => setIsMaking(true)}>
          New key
        </Button>
      }
    >
      <ApiKeys onReplace={setReplacing} onEnd={end} />
      <AccessKeys onReplace={setReplacing} onEnd={end} />
      <SigningKeys />
      {isMaking && <NewKeyDialog onClose={() => setIsMaking(false)} />}
      {replacing !== null && (
        <NewKeyDialog
          before={replacing}
          onClose={() => setReplacing(null)}
          onDone={() => {
            setReplacing(null)
            end(replacing)
          }}
        />
      )}
      {ending !== null && <RevokeKeyDialog target={ending} onClose={() => setEnding(null)} />}
    </Page>
  )
}

interface KeyActions {
  /** Another key takes its place, and then it ends. */
  readonly onReplace: (key: AnyKey) => void
  readonly onEnd: (key: AnyKey) => void
}

function ApiKeys(actions: KeyActions): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['keys', 'api'],
    queryFn: ({ signal }) => api.apiKeys.list({}, { signal }),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  return (
    <>
      <h2>API keys</h2>
      <Table label="API keys" heads={HEADS}>
        {found.data.apiKeys.map((key) => (
          <KeyRow key={key.id} shown={{ kind: 'api-key', key }} {...actions} />
        ))}
      </Table>
    </>
  )
}

function AccessKeys(actions: KeyActions): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['keys', 'access'],
    queryFn: ({ signal }) => api.accessKeys.list({}, { signal }),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  return (
    <>
      <h2>S3 access keys</h2>
      <Table label="S3 access keys" heads={HEADS}>
        {found.data.accessKeys.map((key) => (
          <KeyRow key={key.id} shown={{ kind: 'access-key', key }} {...actions} />
        ))}
      </Table>
    </>
  )
}

interface KeyRowProps extends KeyActions {
  readonly shown: AnyKey
}

function KeyRow({ shown, onReplace, onEnd }: KeyRowProps): ReactNode {
  const { id, name, actions, pathPrefix, expiresAt, revokedAt, lastUsedAt } = shown.key
  const disabledAt = shown.kind === 'access-key' ? shown.key.disabledAt : null
  return (
    <tr>
      <td>
        {name} <code>{id}</code>
      </td>
      <td>{actions.join(', ')}</td>
      <td>{pathPrefix === '' ? 'everywhere' : pathPrefix}</td>
      <td>
        <KeyState revokedAt={revokedAt} disabledAt={disabledAt} expiresAt={expiresAt} />
      </td>
      <td>
        <Time at={lastUsedAt} />
      </td>
      <td>
        <Time at={expiresAt} />
      </td>
      <td>
        {revokedAt === null && (
          <>
            <Button onClick={() => onReplace(shown)} aria-label={`Replace ${name}`}>
              Replace
            </Button>{' '}
            <Button onClick={() => onEnd(shown)} aria-label={`Revoke ${name}`}>
              Revoke
            </Button>
          </>
        )}
      </td>
    </tr>
  )
}

type KeyStateProps = Pick<ApiKey, 'revokedAt' | 'expiresAt'> & {
  readonly disabledAt: string | null
}

function KeyState({ revokedAt, disabledAt, expiresAt }: KeyStateProps): ReactNode {
  if (revokedAt !== null) return <Badge tone="bad">revoked</Badge>
  if (disabledAt !== null) return <Badge tone="warn">off</Badge>
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
    return <Badge tone="dim">expired</Badge>
  return <Badge tone="good">active</Badge>
}
