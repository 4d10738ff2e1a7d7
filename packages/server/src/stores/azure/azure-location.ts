/** Which container of which account, as one line says it: `azure://account/container/prefix?endpoint=…`. */
import { parseEndpoint, parsePrefix, readStoreUrl } from '../store-url.ts'

export interface AzureLocation {
  readonly account: string
  readonly container: string
  /** Of every key; empty, or with a slash at its end. */
  readonly prefix: string
  /** With the account in its host or, as emulators have it, in its path. */
  readonly endpoint: string
  /** Microsoft's own, over https: bearer tokens of this machine go nowhere else. */
  readonly isMicrosofts: boolean
}

const FORM = {
  scheme: 'azure',
  example: 'azure://ACCOUNT/CONTAINER/PREFIX?…',
  parameters: ['endpoint'],
} as const
const ACCOUNT = /^[a-z0-9]{3,24}$/
const CONTAINER = /^(?:\$root|[a-z0-9](?:-?[a-z0-9]){2,62})$/
const ENDPOINT = /^https?:\/\/[a-z0-9.\-[\]:]+(?:\/[a-z0-9]+)?$/
const MICROSOFT =
  /^https:\/\/[a-z0-9.-]+\.(?:blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|blob\.storage\.azure\.net)$/

/** Throws an `Error` whose message goes on from the name of the setting. What it is given is not repeated. */
export function parseAzureLocation(text: string): AzureLocation {
  const { host: account, path, parameters } = readStoreUrl(text, FORM)
  if (!ACCOUNT.test(account)) {
    throw new Error('must begin with azure:// and the name of a storage account')
  }
  const [, container = '', below = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? []
  if (!CONTAINER.test(container)) {
    throw new Error('must name a container behind the account: azure://ACCOUNT/CONTAINER')
  }
  const endpoint =
    parameters.endpoint === null
      ? `https://${account}.blob.core.windows.net`
      : parseEndpoint(parameters.endpoint)
  if (!ENDPOINT.test(endpoint)) {
    throw new Error(
      'has an endpoint that is not http(s)://HOST:PORT, with at most the account behind it',
    )
  }
  const isMicrosofts = MICROSOFT.test(endpoint)
  return { account, container, prefix: parsePrefix(below), endpoint, isMicrosofts }
}

/** For people, without anything that is secret. */
export function nameAzureLocation({ account, container, prefix }: AzureLocation): string {
  return `azure://${account}/${container}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
}

/** Where a location leads, spelled one way and with a slash at its end: of two that overlap one begins with the other. */
export function placeOfAzure({ endpoint, isMicrosofts, container, prefix }: AzureLocation): string {
  const { host: named, pathname } = new URL(endpoint)
  const host = isMicrosofts ? usualHost(named) : named
  return `azure://${host}${pathname === '/' ? '' : pathname}/${container}/${prefix}`
}

/** An account has more hosts than one: a second region's, a private link's, that of a zone. */
function usualHost(host: string): string {
  const [account = ''] = host.split('.', 1)
  const [cloud = 'windows.net'] = /(?:usgovcloudapi\.net|chinacloudapi\.cn)$/.exec(host) ?? []
  return `${account.replace(/-secondary$/, '')}.blob.core.${cloud}`
}
