import type { Policy, PolicyView } from '@hallpass/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, TextArea, TextField } from '../../ui/field.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Actions } from '../../ui/page.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Failed } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

export interface PolicyEditorProps {
  /** Empty for the whole server. */
  readonly folder: string
  readonly view: PolicyView
}

/** The lines that the folder itself says, as JSON; what a change would refuse is shown before it is made. */
export function PolicyEditor({ folder, view }: PolicyEditorProps): ReactNode {
  const api = useApi()
  const notices = useNotices()
  const queries = useQueryClient()
  const [text, setText] = useState(JSON.stringify(view.policy, null, 2))
  const [reason, setReason] = useState('')
  const preview = useMutation({
    mutationFn: () => {
      const policy = readPolicy(text)
      return folder === ''
        ? api.policy.preview({ policy })
        : api.folders.previewPolicy({ path: folder, policy })
    },
  })
  const save = useMutation({
    mutationFn: () => {
      const wish = {
        policy: readPolicy(text),
        ...(reason.trim() !== '' && { reason: reason.trim() }),
      }
      return folder === '' ? api.policy.put(wish) : api.folders.putPolicy({ path: folder, ...wish })
    },
    onSuccess: async () => {
      notices.show({ text: 'The policy holds from now on.' })
      await queries.invalidateQueries({ queryKey: ['policy'] })
    },
  })
  const error = save.error ?? preview.error
  return (
    <>
      <h2>What {folder === '' ? 'the whole server' : folder} says itself</h2>
      <Form onSubmit={() => save.mutate()}>
        <TextArea
          label="Policy"
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
          hint="JSON; a line that is left out is as the folder above says."
        />
        <TextField
          label="Why"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          hint="Kept with the change."
        />
        {error !== null && <Failed error={error} />}
        <Actions>
          <Button onClick={() => preview.mutate()} disabled={preview.isPending}>
            What would this refuse?
          </Button>
          <Button kind="primary" type="submit" disabled={save.isPending}>
            Save
          </Button>
        </Actions>
      </Form>
      <div aria-live="polite">
        {preview.data !== undefined && (
          <Refused refused={preview.data.refused} examined={preview.data.examined} />
        )}
      </div>
    </>
  )
}

interface RefusedProps {
  readonly refused: readonly {
    readonly id: string
    readonly path: string
    readonly rule: string
    readonly detail: string
  }[]
  readonly examined: number
}

function Refused({ refused, examined }: RefusedProps): ReactNode {
  if (refused.length === 0)
    return <p>None of the {examined} living links that were looked at would be refused.</p>
  return (
    <>
      <p>
        {refused.length} of {examined} living links would be refused:
      </p>
      <Table label="Links that would be refused" heads={['File', 'Line', 'Why']}>
        {refused.map(({ id, path, rule, detail }) => (
          <tr key={id}>
            <td>{plainText(path)}</td>
            <td>
              <code>{rule}</code>
            </td>
            <td>{detail}</td>
          </tr>
        ))}
      </Table>
    </>
  )
}

/** Throws what stands in the way in words; which lines there are the server says. */
function readPolicy(text: string): Policy {
  try {
    return JSON.parse(text === '' ? '{}' : text) as Policy
  } catch (cause) {
    throw new Error('The policy is not JSON.', { cause })
  }
}
