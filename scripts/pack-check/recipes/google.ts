/** A service account, and the two servers of Google that sign for one without a key file. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Project } from '../project.ts'
import { problemOf } from '../project.ts'
import type { MakeWorld, World } from './recipe.ts'

const EMAIL = 'signer@example-project.iam.gserviceaccount.com'
const TOKEN = 'a token of the metadata server'

interface Account {
  readonly privateKey: string
  readonly publicKey: string
}

function createAccount(): Account {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }
}

/** `hallpass verify` must take every URL that was printed, as GET or as PUT. */
function judgeUrls(project: Project, account: Account, methods: readonly string[]): World['judge'] {
  return (printed) => {
    project.write(
      'google-keys.json',
      JSON.stringify([{ dialect: 'gcs', id: EMAIL, publicKey: account.publicKey }]),
    )
    const urls = printed.match(/https:\/\/storage\.googleapis\.com\/\S+/g) ?? []
    if (urls.length !== methods.length) return `${urls.length} URLs were printed`
    const requests = urls.map((url, index) => ({
      method: methods[index],
      url,
      headers:
        methods[index] === 'PUT'
          ? [
              ['content-type', 'image/png'],
              ['x-goog-content-length-range', '1,5000000'],
            ]
          : [],
    }))
    project.write('google-requests.json', JSON.stringify(requests))
    const answer = project.run('npx', [
      '--no',
      '--',
      'hallpass',
      'verify',
      '--keys',
      'google-keys.json',
      '--request',
      'google-requests.json',
    ])
    return answer.status === 0 ? null : problemOf(answer)
  }
}

export const withKeyFile: MakeWorld = async ({ folder, project }) => {
  const account = createAccount()
  const path = join(folder, 'key.json')
  const content = { type: 'service_account', client_email: EMAIL, private_key: account.privateKey }
  writeFileSync(path, JSON.stringify(content))
  return {
    env: { GOOGLE_APPLICATION_CREDENTIALS: path },
    judge: judgeUrls(project, account, ['GET', 'PUT']),
  }
}

export const withSignBlob: MakeWorld = async ({ project }) => {
  const account = createAccount()
  const server = createServer((request, response) => {
    answer(request, account).then(
      (body) => response.end(body),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    env: { GCE_METADATA_HOST: host, IAM_ORIGIN: `http://${host}` },
    judge: judgeUrls(project, account, ['GET']),
    async close() {
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/** What the metadata server and IAM say; throws for what neither would answer. */
async function answer(request: IncomingMessage, { privateKey }: Account): Promise<string> {
  const { headers, method, url = '' } = request
  if (url.startsWith('/computeMetadata/v1/instance/service-accounts/default/')) {
    if (headers['metadata-flavor'] !== 'Google') throw new Error('not asked as Google wants')
    if (url.endsWith('/email')) return EMAIL
    if (url.endsWith('/token')) return JSON.stringify({ access_token: TOKEN, expires_in: 3599 })
  }
  const isIam = method === 'POST' && url === `/v1/projects/-/serviceAccounts/${EMAIL}:signBlob`
  if (!isIam || headers.authorization !== `Bearer ${TOKEN}`) throw new Error('not to be answered')
  const { payload } = JSON.parse(await text(request)) as { payload: string }
  const signer = createSign('RSA-SHA256').update(Buffer.from(payload, 'base64'))
  return JSON.stringify({ keyId: '1', signedBlob: signer.sign(privateKey, 'base64') })
}
