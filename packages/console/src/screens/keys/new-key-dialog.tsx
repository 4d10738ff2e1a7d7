/** Makes a key, and shows its secret this once with what to do with it. */
import type { ApiKey, CreatedAccessKey, CreatedApiKey } from '@hallpass/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Form, Row, SelectField, TextField } from '../../ui/field.tsx'
import { Modal } from '../../ui/modal.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed } from '../../ui/states.tsx'
import { keptSigning, keptTerms } from './kept-terms.ts'
import type { AnyKey } from './kept-terms.ts'
import { NewSecret } from './new-secret.tsx'

type Action = ApiKey['actions'][number]

const ACTIONS: readonly Action[] = [
  'read',
  'list',
  'write',
  'delete',
  'share',
  'publish',
  'admin',
  'metrics',
]
const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'no end' },
]
const DAY_MS = 86_400_000

export interface NewKeyDialogProps {
  /** The key whose place the new one takes: it begins as that one is. */
  readonly before?: AnyKey | undefined
  readonly onClose: () => void
  /** Instead of `onClose`, once there is a key and its secret was seen. */
  readonly onDone?: (() => void) | undefined
}

export function NewKeyDialog({ before, onClose, onDone = onClose }: NewKeyDialogProps): ReactNode {
  const [made, setMade] = useState<CreatedApiKey | CreatedAccessKey | null>(null)
  const title = before === undefined ? 'New key' : `Replace ${before.key.name}`
  return (
    <Modal title={made === null ? title : 'The key'} onClose={made === null ? onClose : onDone}>
      {made === null ? (
        <KeyForm before={before} onMade={setMade} onClose={onClose} />
      ) : (
        <NewSecret made={made} onClose={onDone} />
      )}
    </Modal>
  )
}

interface Given {
  readonly kind: string
  readonly name: string
  readonly prefix: string
  readonly days: string
}

function begin(before: AnyKey | undefined): Given {
  const { kind = 'api-key', key } = before ?? {}
  return { kind, name: key?.name ?? '', prefix: key?.pathPrefix ?? '', days: '90' }
}

interface KeyFormProps extends Pick<NewKeyDialogProps, 'before' | 'onClose'> {
  readonly onMade: (key: CreatedApiKey | CreatedAccessKey) => void
}

function KeyForm({ before, onMade, onClose }: KeyFormProps): ReactNode {
  const api = useApi()
  const queries = useQueryClient()
  const key = before?.key
  const [given, setGiven] = useState(() => begin(before))
  const [actions, setActions] = useState<readonly Action[]>(key?.actions ?? ['read', 'list'])
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) =>
    setGiven({ ...given, [name]: event.target.value })
  const make = useMutation({
    mutationFn: async () => {
      const { kind, name, prefix, days } = given
      const expiresAt = new Date(Date.now() + Number(days) * DAY_MS).toISOString()
      const wish = {
        name,
        actions,
        ...(prefix !== '' && { pathPrefix: prefix }),
        ...(days !== '' && { expiresAt }),
        ...(key !== undefined && keptTerms(key)),
      }
      if (kind === 'api-key') return api.apiKeys.create(wish)
      const signing = before?.kind === 'access-key' ? keptSigning(before.key) : {}
      return api.accessKeys.create({ ...wish, ...signing })
    },
    onSuccess: async (made) => {
      onMade(made)
      await queries.invalidateQueries({ queryKey: ['keys'] })
    },
  })
  const toggle = (action: Action): void => {
    setActions(
      actions.includes(action) ? actions.filter((one) => one !== action) : [...actions, action],
    )
  }
  return (
    <Form onSubmit={() => make.mutate()}>
      {before === undefined && (
        <SelectField
          label="For"
          choices={[
            { value: 'api-key', label: 'this API' },
            { value: 'access-key', label: 'S3 clients' },
          ]}
          value={given.kind}
          onChange={set('kind')}
        />
      )}
      <TextField label="Name" required maxLength={100} value={given.name} onChange={set('name')} />
      <fieldset>
        <legend>It may</legend>
        <Row>
          {ACTIONS.map((action) => (
            <Check
              key={action}
              label={action}
              checked={actions.includes(action)}
              onChange={() => toggle(action)}
            />
          ))}
        </Row>
      </fieldset>
      <Row>
        <TextField
          label="Where"
          placeholder="everywhere; acme/reports/"
          value={given.prefix}
          onChange={set('prefix')}
        />
        <SelectField
          label="It lives for"
          choices={LIVES}
          value={given.days}
          onChange={set('days')}
        />
      </Row>
      {make.error !== null && <Failed error={make.error} />}
      <Actions>
        <Button kind="primary" type="submit" disabled={make.isPending || actions.length === 0}>
          Make the key
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </Actions>
    </Form>
  )
}
