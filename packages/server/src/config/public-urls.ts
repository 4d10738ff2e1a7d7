/** The addresses under which clients reach the server: what they are when nobody set them, and which do not go together. */
import { hostnameOfUrl } from '../http/hosts.ts'
import { bucketOfHost } from '../http/virtual-host.ts'
import type { SettingName, SettingValues } from './settings.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])
const ANY_ADDRESS = new Set(['0.0.0.0', '::'])

/** `http://localhost:8787` and the like, for a server that was not told its public address. */
export function formatOrigin(host: string, port: number): string {
  return ANY_ADDRESS.has(host) ? `http://localhost:${port}` : formatListeningUrl(host, port)
}

/** The address that the server listens on, every address as it is. */
export function formatListeningUrl(host: string, port: number): string {
  if (LOOPBACK.has(host)) return `http://localhost:${port}`
  return host.includes(':') ? `http://[${withoutZone(host)}]:${port}` : `http://${host}:${port}`
}

/** A sentence for each pair of settings under which a part of the server could not be reached; `nameOf` says how one was named. */
export function findHostProblems(
  config: SettingValues,
  nameOf: (setting: SettingName) => string,
): string[] {
  const { publicUrl, filesUrl, domain } = config
  const names = { public: nameOf('publicUrl'), files: nameOf('filesUrl'), domain: nameOf('domain') }
  const problems: string[] = []
  const publicHost = hostnameOfUrl(publicUrl ?? formatOrigin(config.host, config.port))
  if (filesUrl !== null && publicUrl === null) {
    problems.push(
      `${names.files} needs ${names.public}: the API is at the one, files are at the other.`,
    )
  } else if (filesUrl !== null && hostnameOfUrl(filesUrl) === publicHost) {
    problems.push(
      `${names.files} must have another host name than ${names.public}; without it files are at the public URL.`,
    )
  }
  if (domain === null) return problems
  if (bucketOfHost(publicHost, domain) !== null) {
    problems.push(
      `${names.domain} ${domain} would make a bucket of ${publicHost}, and the REST API could not be reached: set ${names.public} to an address that is not below the domain, or ${names.domain} to ${publicHost}.`,
    )
  }
  if (filesUrl !== null && bucketOfHost(hostnameOfUrl(filesUrl), domain) !== null) {
    problems.push(
      `${names.domain} ${domain} would make a bucket of ${hostnameOfUrl(filesUrl)}, the host of ${names.files}, and no link would work: set ${names.domain} to that host.`,
    )
  }
  return problems
}

/** A zone belongs to a machine and into no URL. */
function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address
}
