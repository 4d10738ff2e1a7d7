/**
 * Lists a container, page by page. Azure goes on from a marker of its own, which nobody else can make, or from a name, the first of what it lists then. Only
 * where the name that was asked for comes first is it known that nothing was left out in front of what follows; otherwise the list is gone
 * through from its beginning.
 */
import type { ListOptions, StoredObject, StoredPage } from '../object-store.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { XmlNode } from '../../platform/xml.ts'
import { childOf } from '../../platform/xml.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { createPageTurner } from '../send/turn-pages.ts'
import type { AzureCalls } from './azure-calls.ts'

const MOST_KEYS = 1000

type Entry =
  | { readonly kind: 'object'; readonly key: string; readonly object: StoredObject }
  | { readonly kind: 'prefix'; readonly key: string }

interface EntryPage {
  readonly entries: readonly Entry[]
  /** Empty: it is the last. */
  readonly marker: string
}

export async function listObjects(calls: AzureCalls, options: ListOptions): Promise<StoredPage> {
  const { after, limit } = options
  const asked = Math.min(limit, MOST_KEYS)
  if (after !== '') {
    const page = await askPage(calls, options, {
      startFrom: calls.location.prefix + after,
      maxresults: `${Math.min(asked + 1, MOST_KEYS)}`,
    })
    const [first, ...entries] = page.entries
    if (first?.key === after && (entries.length > 0 || page.marker === '')) {
      return toStoredPage(entries, page.marker === '')
    }
  }
  const turn = createPageTurner(calls.name)
  for (let marker = ''; ;) {
    const maxresults = `${after === '' ? asked : MOST_KEYS}`
    const more = marker === '' ? { maxresults } : { maxresults, marker }
    const page = await askPage(calls, options, more)
    const found = page.entries.filter(({ key }) => isBehind(key, after))
    const entries = found.slice(0, asked)
    const isLast = page.marker === '' && entries.length === found.length
    // Whoever asks goes on behind the last that he was given: a page with nothing in it would end him.
    if (entries.length > 0 || isLast) return toStoredPage(entries, isLast)
    marker = turn(page.marker)
  }
}

async function askPage(
  calls: AzureCalls,
  { prefix, delimiter }: ListOptions,
  more: Readonly<Record<string, string>>,
): Promise<EntryPage> {
  const own = calls.location.prefix
  const answer = await calls.ask({
    operation: 'ListBlobs',
    method: 'GET',
    at: 'container',
    query: {
      restype: 'container',
      comp: 'list',
      ...(own + prefix !== '' && { prefix: own + prefix }),
      ...(delimiter !== null && { delimiter }),
      ...more,
    },
    wantsText: true,
  })
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'EnumerationResults')
  const entries = (childOf(root, 'Blobs')?.children ?? []).flatMap((node) => toEntry(node, own))
  for (const kind of ['object', 'prefix']) {
    requireByteOrder(
      calls,
      entries.filter((entry) => entry.kind === kind),
    )
  }
  // Prefixes may stand behind all objects of their page.
  const inOrder = entries.toSorted((a, b) => compareBytes(a.key, b.key))
  return { entries: inOrder, marker: textOf(root, 'NextMarker') }
}

function toEntry(node: XmlNode, own: string): Entry[] {
  const name = textOf(node, 'Name')
  if (!name.startsWith(own)) return []
  const key = name.slice(own.length)
  if (node.name === 'BlobPrefix') return [{ kind: 'prefix', key }]
  const properties = node.name === 'Blob' ? childOf(node, 'Properties') : null
  if (properties === null) return []
  const object = {
    key,
    size: Number(textOf(properties, 'Content-Length')),
    etag: bareEtag(textOf(properties, 'Etag')),
    modifiedAt: readDate(textOf(properties, 'Last-Modified')),
    versionId: null,
  }
  return [{ kind: 'object', key, object }]
}

/** Whoever goes on behind a key would miss what another order puts in front of it. */
function requireByteOrder({ name }: AzureCalls, entries: readonly Entry[]): void {
  for (const [index, { key }] of entries.entries()) {
    const before = entries[index - 1]?.key ?? ''
    if (before !== '' && !isBehind(key, before)) {
      throw storeUnavailable(
        `${name} lists keys in an order that is not that of their bytes: such keys cannot be listed page by page.`,
      )
    }
  }
}

function isBehind(key: string, other: string): boolean {
  return other === '' || compareBytes(key, other) > 0
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function toStoredPage(entries: readonly Entry[], isLast: boolean): StoredPage {
  return {
    objects: entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : [])),
    prefixes: entries.flatMap(({ kind, key }) => (kind === 'prefix' ? [key] : [])),
    isLast,
  }
}
