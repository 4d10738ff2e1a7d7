/** A request that somebody describes, taken apart as this server would have seen it: whether it is for this server, and for what. */
import type { RawRequest } from '@hallpass/signing'
import { detect } from '@hallpass/signing/detect'
import type { ExplainableRequest, ExplainableResponse } from '@hallpass/signing/explain'
import type { CoreContext } from '../core/context.ts'
import { isDomainError } from '../core/errors.ts'
import { shareIdOf } from '../core/link-id.ts'
import { LINK_PARAMETER, VERSION_PARAMETER } from '../core/links/link-parameters.ts'
import { parseRawObjectPath } from '../core/paths.ts'
import type { ObjectPath } from '../core/paths.ts'
import { createHosts } from '../http/hosts.ts'
import type { HostRole } from '../http/hosts.ts'
import { normalizeDomain } from '../http/virtual-host.ts'

export interface DescribedRequest {
  readonly url: string
  /** `null`: nobody said. */
  readonly method: string | null
  /** `null`: nobody said. */
  readonly headers: readonly (readonly [name: string, value: string])[] | null
  /** From where it came; `null`: nobody said. */
  readonly ip: string | null
  /** What was answered, as far as it is known. */
  readonly answer: ExplainableResponse | null
}

export interface LocatedRequest {
  readonly raw: Omit<RawRequest, 'method'>
  /** `null`: what it asks for can be no path. */
  readonly path: ObjectPath | null
  /** Claimed and not verified. */
  readonly linkId: string | null
  /** Claimed and not verified. */
  readonly versionId: string | null
  /** The key that it names. */
  readonly keyId: string | null
  /** The address of a share's page, whose link is `linkId`. */
  readonly isShare: boolean
}

const SHARE_PATH = /^\/s\/([0-9A-Za-z]{1,100})\/?$/
const URL_PARTS = /^\s*(https?):\/\/([^/?#\s]+)([^#\s]*)/i

/** `null`: it is for another service. One that names a key of this server is for this server, whatever became of its host. */
export async function locateRequest(
  core: CoreContext,
  described: DescribedRequest,
): Promise<LocatedRequest | null> {
  const parts = URL_PARTS.exec(described.url)
  if (parts === null) return null
  const [, scheme = '', host = '', rest = ''] = parts
  const role = findRole(core, host)
  const keyId = findKeyId(described)
  const { snapshot } = await core.keyRing.current()
  const isOurKey = snapshot.accessKeys.some(({ id }) => id === keyId)
  if (role === null && !isOurKey) return null
  const target = rest.startsWith('/') ? rest : `/${rest}`
  return {
    raw: {
      target,
      headers: withHost(described.headers ?? [], host),
      scheme: scheme.toLowerCase() === 'http' ? 'http' : 'https',
      clientIp: described.ip ?? '',
    },
    ...readTarget(target, role?.bucket ?? null),
    keyId,
  }
}

function findKeyId(described: DescribedRequest): string | null {
  const detection = detect(toExplainable(described))
  return detection?.dialect === 's3' ? detection.keyId : null
}

function findRole(
  { publicUrl, filesUrl, filesDomain }: CoreContext,
  host: string,
): HostRole | null {
  const domain = normalizeDomain(filesDomain)
  return createHosts({ publicUrl, filesUrl, domain, listensOnLoopback: false })(host)
}

function readTarget(
  target: string,
  bucketOfHost: string | null,
): Pick<LocatedRequest, 'path' | 'linkId' | 'versionId' | 'isShare'> {
  const mark = target.indexOf('?')
  const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1))
  const rawPath = mark === -1 ? target : target.slice(0, mark)
  const token = bucketOfHost === null ? SHARE_PATH.exec(rawPath)?.[1] : undefined
  return {
    path: parsePath(bucketOfHost === null ? rawPath : `/${bucketOfHost}${rawPath}`),
    linkId: token === undefined ? query.get(LINK_PARAMETER) : shareIdOf(token),
    versionId: query.get(VERSION_PARAMETER),
    isShare: token !== undefined,
  }
}

/** As the library takes it. */
export function toExplainable({ url, method, headers, ip }: DescribedRequest): ExplainableRequest {
  return {
    url,
    ...(method !== null && { method }),
    ...(headers !== null && { headers }),
    ...(ip !== null && { clientIp: ip }),
  }
}

function withHost(headers: NonNullable<DescribedRequest['headers']>, host: string): string[] {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  return [...(hasHost ? [] : ['Host', host]), ...headers.flat()]
}

function parsePath(rawPath: string): ObjectPath | null {
  try {
    return parseRawObjectPath(rawPath)
  } catch (error) {
    if (isDomainError(error)) return null
    throw error
  }
}
