/** Lists a bucket, page by page. */
import type { ListOptions, StoredObject, StoredPage } from '../object-store.ts'
import type { XmlNode } from '../../platform/xml.ts'
import type { S3Calls } from './s3-calls.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { createDecoder } from './s3-documents.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { createPageTurner } from '../send/turn-pages.ts'

/** Behind everything that begins with what it follows. */
const LAST_CHARACTER = '\u{10FFFF}'
const MOST_KEYS = 1000

export async function listObjects(calls: S3Calls, options: ListOptions): Promise<StoredPage> {
  const { prefix, delimiter, after, limit } = options
  const own = calls.location.prefix
  const isRolledUp = delimiter !== null && after.length > prefix.length && after.endsWith(delimiter)
  const start = isRolledUp ? after + LAST_CHARACTER : after
  const turn = createPageTurner(calls.name)
  for (let token: string | null = null; ;) {
    const answer = await calls.ask({
      operation: 'ListObjectsV2',
      method: 'GET',
      key: null,
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        'max-keys': `${Math.min(limit, MOST_KEYS)}`,
        prefix: own + prefix,
        ...(delimiter !== null && { delimiter }),
        ...(start !== '' && { 'start-after': own + start }),
        ...(token !== null && { 'continuation-token': token }),
      },
      wantsText: true,
    })
    if (answer.status !== 200) throw calls.faultOf(answer)
    const root = readDocument(calls.name, answer, 'ListBucketResult')
    const page = readPage(root, own, after)
    const next = textOf(root, 'NextContinuationToken')
    // Whoever asks goes on behind the last that he was given: a page with nothing in it would end him.
    if (page.objects.length + page.prefixes.length > 0 || page.isLast || next === '') return page
    token = turn(next)
  }
}

function readPage(root: XmlNode, own: string, after: string): StoredPage {
  const decode = createDecoder(root)
  const behind = (key: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
  const objects: StoredObject[] = []
  const prefixes: string[] = []
  for (const node of root.children) {
    if (node.name === 'Contents') {
      const key = decode(textOf(node, 'Key')).slice(own.length)
      if (behind(key)) objects.push(toObject(node, key))
    } else if (node.name === 'CommonPrefixes') {
      const prefix = decode(textOf(node, 'Prefix')).slice(own.length)
      if (behind(prefix)) prefixes.push(prefix)
    }
  }
  return { objects, prefixes, isLast: textOf(root, 'IsTruncated') !== 'true' }
}

function toObject(node: XmlNode, key: string): StoredObject {
  return {
    key,
    size: Number(textOf(node, 'Size')),
    etag: bareEtag(textOf(node, 'ETag')),
    modifiedAt: readDate(textOf(node, 'LastModified')),
    versionId: null,
  }
}
