/**
 * The code every article on presigned URLs shows, against this server: nothing but endpoint and credentials is ours.
 * The AWS SDK is no dependency of the published command, so the chapter is left out where it is not installed.
 */
import type * as ClientS3 from '@aws-sdk/client-s3'
import type * as Presigner from '@aws-sdk/s3-request-presigner'
import type { DemoServer } from './chapters.ts'
import type { Story } from './story.ts'

export async function useAwsSdk(server: DemoServer, story: Story): Promise<void> {
  story.chapter('The AWS SDK, as every article shows it, with another endpoint.')
  const sdk = await loadSdk()
  if (sdk === null) {
    story.say('Skipped: @aws-sdk/client-s3 and @aws-sdk/s3-request-presigner are not installed.')
    return
  }
  const { S3Client, GetObjectCommand, PutObjectCommand, getSignedUrl } = sdk
  const { url: endpoint, region, accessKeyId, secretAccessKey } = server
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })

  const Bucket = 'acme'
  const Key = 'uploads/hello world.txt'
  const put = new PutObjectCommand({ Bucket, Key, ContentType: 'text/plain' })
  const uploadUrl = await getSignedUrl(client, put, { expiresIn: 300 })
  const upload = fetch(uploadUrl, {
    method: 'PUT',
    body: 'Hello from the SDK.',
    headers: { 'Content-Type': 'text/plain' },
  })
  await story.expect('getSignedUrl(PutObjectCommand), then PUT', upload, { status: 200 })

  const get = new GetObjectCommand({ Bucket, Key })
  const downloadUrl = await getSignedUrl(client, get, { expiresIn: 300 })
  await story.expect('getSignedUrl(GetObjectCommand), then GET', fetch(downloadUrl), {
    status: 200,
    body: 'Hello from the SDK.',
  })
  client.destroy()
}

type Sdk = Pick<typeof ClientS3, 'S3Client' | 'GetObjectCommand' | 'PutObjectCommand'> &
  Pick<typeof Presigner, 'getSignedUrl'>

async function loadSdk(): Promise<Sdk | null> {
  try {
    const [{ S3Client, GetObjectCommand, PutObjectCommand }, { getSignedUrl }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/s3-request-presigner'),
    ])
    return { S3Client, GetObjectCommand, PutObjectCommand, getSignedUrl }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}
