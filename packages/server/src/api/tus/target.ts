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
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark))
  const token = OWN_PAGE.exec(path)?.[1] ?? null
  const root = token === null ? '/-/tus' : `/s/${token}/tus`
  const segments = path.slice(root.length).split('/').slice(1)
  if (segments.at(-1) === '') segments.pop()
  if (!segments.every((segment) => SEGMENT.test(segment))) return null
  const id = begins ? null : (segments.pop() ?? null)
  // What is left shows a link; on the page of a drop the page itself does.
  const isThere = (begins || id !== null) && segments.length <= (token === null ? 1 : 0)
  if (!isThere) return null
  const [shown = null] = segments
  const base = shown === null ? root : `${root}/${shown}`
  return { base, link: token ?? shown, id, query, isOwnPage: token !== null }
}

/** The id of an upload from its address, in full or from its path on. */
export function idOfUrl(url: string): string {
  const [path = ''] = url.split('?', 1)
  return path.split('/').findLast((segment) => segment !== '') ?? ''
}
