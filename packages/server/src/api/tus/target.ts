/** What an address of this face is for: `/-/tus`, `/-/tus/LINK`, and an upload below either; on the page of a drop `/s/TOKEN/tus`. */

export interface TusTarget {
  /** Where uploads are begun, as it was asked for; uploads lie below it. */
  readonly base: string
  /** What stands in the address in place of a key; never logged. */
  readonly link: string | null
  /** The upload; `null` of what begins one. */
  readonly id: string | null
  readonly query: URLSearchParams
  /** On the page of a drop, whose session counts. */
  readonly isOwnPage: boolean
}

const OWN_PAGE = /^\/s\/([0-9A-Za-z]{30})\/tus(?:\/|$)/
const SEGMENT = /^[0-9A-Za-z_-]+$/

/** `begins`: what asks wants to begin an upload. `null` for an address at which there is nothing. */
export function readTarget(target: string, begins: boolean): TusTarget | null {
  const [path = ''] = target.split('?', 1)
  const query = new URLSearchParams(target.slice(path.length))
  const { token, root, mostLeft } = rootOf(path)
  const segments = segmentsOf(path.slice(root.length))
  const id = begins ? null : (segments?.pop() ?? null)
  if (segments === null || begins !== (id === null) || segments.length > mostLeft) return null
  const [shown = null] = segments
  const base = shown === null ? root : `${root}/${shown}`
  return { base, link: token ?? shown, id, query, isOwnPage: token !== null }
}

/** What may be left of an address besides the upload shows a link; on the page of a drop the page itself does. */
function rootOf(path: string): {
  readonly token: string | null
  readonly root: string
  readonly mostLeft: 0 | 1
} {
  const token = OWN_PAGE.exec(path)?.[1] ?? null
  if (token === null) return { token, root: '/-/tus', mostLeft: 1 }
  return { token, root: `/s/${token}/tus`, mostLeft: 0 }
}

/** Behind the root, with or without a slash at the end; `null` if there is one that none of ours looks like. */
function segmentsOf(path: string): string[] | null {
  const segments = path.split('/').slice(1)
  if (segments.at(-1) === '') segments.pop()
  return segments.every((segment) => SEGMENT.test(segment)) ? segments : null
}

/** The id of an upload from its address, in full or from its path on. */
export function idOfUrl(url: string): string {
  const [path = ''] = url.split('?', 1)
  return path.split('/').findLast((segment) => segment !== '') ?? ''
}
