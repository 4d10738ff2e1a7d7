/**
 * What happens when a server meets an empty data directory: keys are made, a sample file is stored in a private folder, and
 * everything a person needs to begin is put into words. Secrets are in these words and nowhere else.
 */
import { authenticateToken } from './auth/authenticate-token.ts'
import type { Config } from './config.ts'
import type { CoreContext } from './core/context.ts'
import { writeFile } from './core/files/write-file.ts'
import type { Principal } from './core/identity.ts'
import { ensureKeys } from './core/keys/first-start.ts'
import type { FirstStart, KeySeeds } from './core/keys/first-start.ts'
import { issueLink } from './core/links/issue-link.ts'
import { authorize } from './core/policy/authorize.ts'
import { VERSION } from './version.ts'

const SAMPLE = { bucket: 'samples', key: 'private/welcome.txt' } as const
const SAMPLE_TEXT = `Welcome to Hallpass.

This file lies in a private folder. You are reading it through a signed URL: it names this one
file and the method GET, works for an hour, and can be revoked before.
`
const SAMPLE_LINK_SECONDS = 3600
const LOOPBACK = '127.0.0.1'

/** Makes the keys that are missing. On an empty catalog with no admin key given, stores the sample too. */
export async function prepareFirstStart(core: CoreContext, config: Config): Promise<FirstStart> {
  const made = await ensureKeys(core, toSeeds(config))
  if (made.adminKey !== null) await storeSample(core, await toPrincipal(core, made.adminKey))
  return made
}

/** The keys that were made, to be printed before anything else can fail: nobody sees them again. `''` if there are none. */
export function formatKeys({ adminKey, accessKey }: FirstStart, { region }: Config): string {
  if (adminKey === null && accessKey === null) return ''
  const lines = [
    'This is the first start. These keys are shown once; keep them in a safe place.',
    '',
  ]
  if (adminKey !== null) lines.push(`  Admin API key         ${adminKey}`)
  if (accessKey !== null) {
    lines.push(`  S3 access key id      ${accessKey.accessKeyId}`)
    lines.push(`  S3 secret access key  ${accessKey.secretAccessKey}`)
    lines.push(`  S3 region             ${region}`)
  }
  return `${lines.join('\n')}\n\n`
}

/** Where the server is, once it answers; after a first start, with a command to try. */
export async function formatAddress(
  core: CoreContext,
  config: Config,
  { adminKey }: FirstStart,
): Promise<string> {
  const lines = [
    `Hallpass ${VERSION}`,
    '',
    `  Address   ${core.publicUrl}`,
    ...(core.filesUrl === core.publicUrl ? [] : [`  Files     ${core.filesUrl}`]),
    `  REST API  ${core.publicUrl}/-/docs`,
    `  Data      ${config.dataDir}`,
    '',
    ...(adminKey === null ? [] : await formatSample(core, adminKey)),
  ]
  return `${lines.join('\n')}\n`
}

async function formatSample(core: CoreContext, adminKey: string): Promise<string[]> {
  const principal = await toPrincipal(core, adminKey)
  const permit = await authorize(core, principal, 'share', SAMPLE)
  const { url } = await issueLink(core, permit, {
    method: 'GET',
    expiresInSeconds: SAMPLE_LINK_SECONDS,
  })
  return [
    `A sample file is stored in the private folder ${SAMPLE.bucket}/private.`,
    'This fetches it through a signed URL, for an hour:',
    '',
    `  curl '${url}'`,
    '',
  ]
}

async function storeSample(core: CoreContext, principal: Principal): Promise<void> {
  const permit = await authorize(core, principal, 'write', SAMPLE)
  const bytes = Buffer.from(SAMPLE_TEXT)
  await writeFile(
    core,
    permit,
    {
      makesBucket: true,
      contentType: 'text/plain; charset=utf-8',
      headers: {},
      metadata: {},
      contentLength: bytes.length,
      checksums: [],
      expected: () => [],
    },
    { body: once(bytes), signal: new AbortController().signal },
  )
}

/** The caller who holds `adminKey`: through the same door as everybody, because there is no other. */
function toPrincipal(core: CoreContext, adminKey: string): Promise<Principal> {
  const sender = {
    clientIp: LOOPBACK,
    agent: null,
    pageOrigin: null,
    isForeignPage: false,
    session: null,
  }
  return authenticateToken(core, { authorization: adminKey, ...sender })
}

function toSeeds({ adminKey, accessKeyId, secretAccessKey }: Config): KeySeeds {
  return {
    ...(adminKey === null ? {} : { adminKey: adminKey.reveal() }),
    ...(accessKeyId === null || secretAccessKey === null
      ? {}
      : { accessKey: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }),
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}
