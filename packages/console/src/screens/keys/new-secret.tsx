import type { CreatedAccessKey, CreatedApiKey } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Actions } from '../../ui/page.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { apiSnippets, s3Snippets } from './snippets.ts'

export interface NewSecretProps {
  readonly made: CreatedApiKey | CreatedAccessKey
  readonly onClose: () => void
}

/** The secret, this once, and how programs are told of it. */
export function NewSecret({ made, onClose }: NewSecretProps): ReactNode {
  const isForS3 = 'secretAccessKey' in made
  const secret = isForS3 ? made.secretAccessKey : made.key
  return (
    <>
      <p>The secret is shown this once. Who loses it makes a new key.</p>
      {isForS3 && <TextField label="Access key id" readOnly value={made.id} />}
      <TextField
        label={isForS3 ? 'Secret access key' : 'API key'}
        readOnly
        value={secret}
        onFocus={(event) => event.target.select()}
      />
      <Actions>
        <CopyButton kind="primary" text={secret} label="Copy the secret" />
      </Actions>
      <Snippets made={made} />
      <Actions>
        <Button onClick={onClose}>Done</Button>
      </Actions>
    </>
  )
}

function Snippets({ made }: Pick<NewSecretProps, 'made'>): ReactNode {
  const api = useApi()
  const [chosen, setChosen] = useState(0)
  const found = useQuery({
    queryKey: ['connection'],
    queryFn: ({ signal }) => api.connection.get({}, { signal }),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const snippets =
    'secretAccessKey' in made ? s3Snippets(made, found.data) : apiSnippets(made, found.data)
  const snippet = snippets[chosen]?.text ?? ''
  return (
    <>
      <SelectField
        label="Use it with"
        choices={snippets.map(({ name }, index) => ({ value: String(index), label: name }))}
        value={String(chosen)}
        onChange={(event) => setChosen(Number(event.target.value))}
      />
      <pre tabIndex={0}>{snippet}</pre>
      <Actions>
        <CopyButton text={snippet} label="Copy the snippet" />
      </Actions>
    </>
  )
}
