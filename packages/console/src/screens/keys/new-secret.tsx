import type { CreatedAccessKey, CreatedApiKey } from '@hallpass/client'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Actions } from '../../ui/page.tsx'

export interface NewSecretProps {
  readonly made: CreatedApiKey | CreatedAccessKey
  readonly onClose: () => void
}

/** The secret, this once, and how programs are told of it. */
export function NewSecret({ made, onClose }: NewSecretProps): ReactNode {
  const isForS3 = 'secretAccessKey' in made
  const secret = isForS3 ? made.secretAccessKey : made.key
  const snippets = isForS3 ? s3Snippets(made) : apiSnippets(made)
  const [chosen, setChosen] = useState(0)
  const snippet = snippets[chosen]?.text ?? ''
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
      <SelectField
        label="Use it with"
        choices={snippets.map(({ name }, index) => ({ value: String(index), label: name }))}
        value={String(chosen)}
        onChange={(event) => setChosen(Number(event.target.value))}
      />
      <pre tabIndex={0}>{snippet}</pre>
      <Actions>
        <CopyButton kind="primary" text={secret} label="Copy the secret" />
        <CopyButton text={snippet} label="Copy the snippet" />
        <Button onClick={onClose}>Done</Button>
      </Actions>
    </>
  )
}

interface Snippet {
  readonly name: string
  readonly text: string
}

function apiSnippets({ key }: CreatedApiKey): Snippet[] {
  const url = location.origin
  return [
    {
      name: 'curl',
      text: `export HALLPASS_API_KEY='${key}'\ncurl ${url}/v1/me -H "Authorization: Bearer $HALLPASS_API_KEY"`,
    },
    {
      name: 'JavaScript',
      text: `import { createHallpass } from '@hallpass/client'\nconst hp = createHallpass({ url: '${url}', key: process.env.HALLPASS_API_KEY })\nconsole.log(await hp.me.get())`,
    },
  ]
}

function s3Snippets({ id, secretAccessKey }: CreatedAccessKey): Snippet[] {
  const url = location.origin
  return [
    {
      name: 'the AWS CLI',
      text: `export AWS_ACCESS_KEY_ID=${id}\nexport AWS_SECRET_ACCESS_KEY='${secretAccessKey}'\nexport AWS_ENDPOINT_URL=${url}\naws s3 ls`,
    },
    {
      name: 'the AWS SDK for JavaScript',
      text: `import { S3Client } from '@aws-sdk/client-s3'\nconst s3 = new S3Client({\n  endpoint: '${url}',\n  region: 'us-east-1',\n  forcePathStyle: true,\n  credentials: { accessKeyId: '${id}', secretAccessKey: process.env.S3_SECRET },\n})`,
    },
    {
      name: 'boto3',
      text: `import boto3\ns3 = boto3.client('s3', endpoint_url='${url}', aws_access_key_id='${id}',\n                  aws_secret_access_key=SECRET, region_name='us-east-1')`,
    },
    {
      name: 'rclone',
      text: `[hallpass]\ntype = s3\nprovider = Other\naccess_key_id = ${id}\nsecret_access_key = ${secretAccessKey}\nendpoint = ${url}`,
    },
  ]
}
