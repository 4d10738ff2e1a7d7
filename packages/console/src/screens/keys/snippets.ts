/** How programs are told of a new key: what is there to be copied runs as it stands. */
import type { Connection, CreatedAccessKey, CreatedApiKey } from '@hallpass/client'

export interface Snippet {
  readonly name: string
  readonly text: string
}

type Place = Pick<Connection, 'publicUrl' | 'filesUrl' | 'region'>

export function apiSnippets(
  { key, pathPrefix }: CreatedApiKey,
  { publicUrl: url }: Place,
): readonly Snippet[] {
  // A folder of a bucket that is there.
  const inbox = pathPrefix === '' ? 'acme/inbox/' : pathPrefix
  return [
    {
      name: 'curl',
      text: `export HALLPASS_API_KEY='${key}'
curl ${url}/v1/me -H "Authorization: Bearer $HALLPASS_API_KEY"`,
    },
    {
      name: 'JavaScript',
      text: `import { createHallpass } from '@hallpass/client'

const hp = createHallpass({ url: '${url}', key: process.env.HALLPASS_API_KEY })
console.log(await hp.me.get())`,
    },
    {
      name: 'Uppy',
      text: `// On your server, with the key, which may share and write: a drop takes files and shows none.
import { createHallpass } from '@hallpass/client'

const hp = createHallpass({ url: '${url}', key: process.env.HALLPASS_API_KEY })
const drop = await hp.shares.create({ path: ${quoted(inbox)}, kind: 'drop' })
const link = drop.url.split('/').at(-1)

// In the page, with the link alone. HALLPASS_CORS_ORIGINS names the page's origin.
import Uppy from '@uppy/core'
import AwsS3 from '@uppy/aws-s3'

const uppy = new Uppy()
uppy.use(AwsS3, { companionEndpoint: \`${url}/-/uppy/\${link}\` })
// Version 5 has endpoint for companionEndpoint. With @uppy/tus instead:
// uppy.use(Tus, { endpoint: \`${url}/-/tus/\${link}\` })`,
    },
    {
      name: 'tus-js-client',
      text: `import { createReadStream } from 'node:fs'
import { Upload } from 'tus-js-client'

const upload = new Upload(createReadStream('film.mp4'), {
  endpoint: '${url}/-/tus?${new URLSearchParams({ folder: inbox })}',
  headers: { Authorization: \`Bearer \${process.env.HALLPASS_API_KEY}\` },
  metadata: { filename: 'film.mp4', filetype: 'video/mp4' },
  chunkSize: 8 * 1024 * 1024,
  onSuccess: () => console.log('It has arrived.'),
  onError: (error) => console.error(error),
})
upload.start()`,
    },
  ]
}

export function s3Snippets(
  { id, secretAccessKey }: CreatedAccessKey,
  { filesUrl: url, region }: Place,
): readonly Snippet[] {
  return [
    {
      name: 'the AWS CLI',
      text: `export AWS_ACCESS_KEY_ID=${id}
export AWS_SECRET_ACCESS_KEY='${secretAccessKey}'
export AWS_ENDPOINT_URL=${url} AWS_DEFAULT_REGION=${region}
aws s3 ls`,
    },
    {
      name: 'the AWS SDK for JavaScript',
      text: `import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'

const s3 = new S3Client({
  endpoint: '${url}',
  region: '${region}',
  forcePathStyle: true,
  credentials: { accessKeyId: '${id}', secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY },
})
console.log((await s3.send(new ListBucketsCommand())).Buckets)`,
    },
    {
      name: 'boto3',
      text: `import os
import boto3
from botocore.config import Config

s3 = boto3.client('s3', endpoint_url='${url}', region_name='${region}',
                  aws_access_key_id='${id}',
                  aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'],
                  config=Config(signature_version='s3v4'))
print([bucket['Name'] for bucket in s3.list_buckets()['Buckets']])`,
    },
    {
      name: 'rclone',
      text: `[hallpass]
type = s3
provider = Other
endpoint = ${url}
region = ${region}
access_key_id = ${id}
secret_access_key = ${secretAccessKey}`,
    },
  ]
}

/** As a string of JavaScript. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}
