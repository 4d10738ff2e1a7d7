/** A running Azurite. It wants https for bearer tokens, and so for delegation keys: openssl makes a certificate for it then. */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'

const TENANT = '00000000-0000-4000-8000-000000000002'

export interface Azurite {
  /** With the account in its path. */
  readonly endpoint: string
  /** The file of the certificate that clients must trust, if it speaks https. */
  readonly certificate: string
  readonly stop: () => Promise<void>
}

export interface AzuriteAccount {
  readonly account: string
  /** In base64. */
  readonly accountKey: string
}

/** True unless there is no openssl on this machine. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** Starts one that keeps everything in memory, and its certificate in the folder. */
export function startAzurite(folder: string, account: AzuriteAccount): Promise<Azurite> {
  const certificate = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  createCertificate(certificate, key)
  const secure = ['--oauth', 'basic', '--cert', certificate, '--key', key]
  return launch(folder, account, { secure, certificate })
}

/** Starts one that keeps everything in memory and takes no bearer tokens. */
export function startPlainAzurite(folder: string, account: AzuriteAccount): Promise<Azurite> {
  return launch(folder, account, { secure: [], certificate: '' })
}

async function launch(
  folder: string,
  { account, accountKey }: AzuriteAccount,
  { secure, certificate }: { readonly secure: readonly string[]; readonly certificate: string },
): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  const options = [
    ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--disableTelemetry'],
    ['--skipApiVersionCheck', ...secure],
  ]
  const child = spawn(process.execPath, [main, ...options.flat()], {
    cwd: folder,
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${accountKey}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {
    endpoint: `${await originOf(child)}/${account}`,
    certificate,
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

function createCertificate(certificate: string, key: string): void {
  const options = [
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
    ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]
  execFileSync('openssl', options.flat(), { stdio: 'pipe' })
}

/** The address Azurite says it listens at. */
function originOf({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      const match =
        /successfully listens? on (https?:\/\/127\.0\.0\.1:\d+)|listening (?:at|on) (https?:\/\/127\.0\.0\.1:\d+)/.exec(
          text,
        )
      const origin = match?.[1] ?? match?.[2]
      if (origin !== undefined) resolve(origin)
    }
    stdout?.on('data', read)
    stderr?.on('data', read)
    stdout?.once('end', () => reject(new Error(`Azurite did not start: ${text}`)))
  })
}

/** A token for ten minutes. Azurite looks at the claims and not at the signature, so it is signed for nobody. */
export function makeBearerToken(): string {
  const seconds = Math.floor(Date.now() / 1000)
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    aud: 'https://storage.azure.com',
    iss: `https://sts.windows.net/${TENANT}/`,
    iat: seconds - 60,
    nbf: seconds - 60,
    exp: seconds + 600,
    oid: '00000000-0000-4000-8000-000000000001',
    tid: TENANT,
    ver: '1.0',
  }
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), 'c2lnbmF0dXJl'].join('.')
}
