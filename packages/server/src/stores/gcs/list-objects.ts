/** Lists a bucket, page by page, without what uploads that are under way have there. */
import type { ListOptions, StoredHead, StoredPage } from '../object-store.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { pathOfObjects } from './gcs-calls.ts'
import { listOf, readDocument, readResource, textOf } from './gcs-documents.ts'
import { PARTS } from './part-objects.ts'
import { createPageTurner } from '../send/turn-pages.ts'

/** Behind everything that begins with what it follows. */
const LAST_CHARACTER = '\u{10FFFF}'
const MOST_KEYS = 1000

interface Page {
  readonly objects: readonly StoredHead[]
  readonly prefixes: readonly string[]
  /** Empty: it is the last. */
  readonly token: string
}

export async function listObjects(calls: GcsCalls, options: ListOptions): Promise<StoredPage> {
  const { after, delimiter, prefix, limit } = options
  const asked = Math.min(limit, MOST_KEYS)
  const isRolledUp = delimiter !== null && after.length > prefix.length && after.endsWith(delimiter)
  const startOffset = isRolledUp ? after + LAST_CHARACTER : after
  // The first that comes may be the one behind which it goes on.
  const maxResults = `${Math.min(asked + 1, MOST_KEYS)}`
  const isShown = (key: string): boolean => isBehind(key, after) && !key.startsWith(PARTS)
  const turn = createPageTurner(calls.name)
  for (let token = ''; ;) {
    const page = await askPage(calls, { ...options, startOffset, maxResults, token })
    const objects = page.objects.filter(({ key }) => isShown(key))
    const prefixes = page.prefixes.filter(isShown)
    // Whoever asks goes on behind the last that he was given: a page with nothing in it would end him.
    if (objects.length + prefixes.length > 0 || page.token === '') {
      return cut({ objects, prefixes, isLast: page.token === '' }, asked)
    }
    token = turn(page.token)
  }
}

/** All that is there below a prefix, what uploads have there too. */
export async function* listAll(calls: GcsCalls, prefix: string): AsyncGenerator<StoredHead> {
  const options = { prefix, delimiter: null, startOffset: '', maxResults: `${MOST_KEYS}` }
  const turn = createPageTurner(calls.name)
  for (let token = ''; ;) {
    const page = await askPage(calls, { ...options, token })
    yield* page.objects
    if (page.token === '') return
    token = turn(page.token)
  }
}

interface PageWish extends Pick<ListOptions, 'prefix' | 'delimiter'> {
  readonly startOffset: string
  readonly maxResults: string
  readonly token: string
}

async function askPage(calls: GcsCalls, wish: PageWish): Promise<Page> {
  const { name, location } = calls
  const own = location.prefix
  const answer = await calls.ask({
    operation: 'ListObjects',
    method: 'GET',
    path: pathOfObjects(location),
    query: {
      prefix: own + wish.prefix,
      maxResults: wish.maxResults,
      ...(wish.delimiter !== null && { delimiter: wish.delimiter }),
      ...(wish.startOffset !== '' && { startOffset: own + wish.startOffset }),
      ...(wish.token !== '' && { pageToken: wish.token }),
    },
    wantsText: true,
  })
  if (answer.status !== 200) throw calls.faultOf(answer)
  const document = readDocument(name, answer, 'objects')
  const prefixes = listOf(document, 'prefixes').flatMap((prefix) =>
    typeof prefix === 'string' && prefix.startsWith(own) ? [prefix.slice(own.length)] : [],
  )
  return {
    objects: listOf(document, 'items').map((item) => readResource(name, item, own)),
    prefixes,
    token: textOf(document, 'nextPageToken'),
  }
}

/** One more may have come than was asked for. */
function cut({ objects, prefixes, isLast }: StoredPage, limit: number): StoredPage {
  const keys = [...objects.map(({ key }) => key), ...prefixes].toSorted(compareBytes)
  const [last, next] = [keys[limit - 1], keys[limit]]
  if (last === undefined || next === undefined) return { objects, prefixes, isLast }
  return {
    objects: objects.filter(({ key }) => !isBehind(key, last)),
    prefixes: prefixes.filter((prefix) => !isBehind(prefix, last)),
    isLast: false,
  }
}

function isBehind(key: string, other: string): boolean {
  return compareBytes(key, other) > 0
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
