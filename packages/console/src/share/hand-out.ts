/** Makes what was asked for: a presigned URL, or a share with its page. */
import type { Hallpass } from '@hallpass/client'
import type { HandedOut } from './issued.tsx'

export const WAYS_OF_FILES = [
  { value: 'get', label: 'the file itself' },
  { value: 'file', label: 'a page with the file' },
  { value: 'put', label: 'room to upload it' },
] as const
export const WAYS_OF_FOLDERS = [
  { value: 'folder', label: 'a page with its files' },
  { value: 'drop', label: 'a page to send files to it' },
] as const

export type Way = (typeof WAYS_OF_FILES | typeof WAYS_OF_FOLDERS)[number]['value']

/** As they were typed. */
export interface Terms {
  readonly path: string
  readonly way: Way
  /** Seconds. */
  readonly life: string
  readonly uses: string
  readonly ip: string
  readonly password: string
  /** What a page says to people, and who it says that shares. */
  readonly greeting: string
  readonly owner: string
  readonly label: string
  readonly reason: string
}

/** It has a page for people, and may have a password. */
export function isPage(way: Way): way is 'file' | 'folder' | 'drop' {
  return way !== 'get' && way !== 'put'
}

export async function handOut(api: Hallpass, terms: Terms): Promise<HandedOut> {
  const { way, password, greeting, owner } = terms
  const asked = commonOf(terms)
  if (isPage(way)) {
    const share = await api.shares.create({
      ...asked,
      kind: way,
      ...(password !== '' && { password }),
      ...(greeting.trim() !== '' && { greeting: greeting.trim() }),
      ...(owner.trim() !== '' && { owner: owner.trim() }),
    })
    return { url: share.url, expiresAt: share.expiresAt, isUpload: false }
  }
  const method = way === 'put' ? 'PUT' : 'GET'
  const { url, expiresAt } = await api.links.create({ ...asked, method })
  return { url, expiresAt, isUpload: way === 'put' }
}

function commonOf({ path, life, uses, ip, label, reason }: Terms) {
  const networks = ip.split(/[\s,]+/).filter((one) => one !== '')
  return {
    path: path.trim(),
    expiresIn: Number(life),
    ...(uses !== '' && { maxUses: Number(uses) }),
    ...(networks.length > 0 && { ip: networks }),
    ...(label.trim() !== '' && { label: label.trim() }),
    ...(reason.trim() !== '' && { reason: reason.trim() }),
  }
}
