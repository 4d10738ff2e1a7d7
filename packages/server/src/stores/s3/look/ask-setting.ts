/** Asks for one setting of a bucket. Stores that lack it answer in many ways, and some list the bucket in its place. */
import { XmlFault, parseXml } from '../../../platform/xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import type { S3Calls } from '../s3-calls.ts'
import type { StoreAnswer } from '../../send/store-answer.ts'
import { Unseen } from './findings.ts'

export interface SettingAsk {
  /** As S3 names the operation, which is what a policy must allow for it, or nearly so. */
  readonly operation: string
  /** The sub-resource. */
  readonly query: string
  /** Of the document that answers. */
  readonly root: string
  /** What says that it was never set; `null`: there is always one. */
  readonly absent: string | null
}

const MAX_ELEMENTS = 20_000

/** `null`: it is not set. Throws {@link Unseen}. */
export async function askSetting(calls: S3Calls, ask: SettingAsk): Promise<XmlNode | null> {
  const { operation, query, root, absent } = ask
  const answer = await calls.ask({
    operation,
    method: 'GET',
    key: null,
    query: { [query]: '' },
    wantsText: true,
  })
  if (answer.status === 200) return readAs(root, operation, answer)
  if (absent !== null && answer.code === absent) return null
  throw new Unseen(refusalOf(operation, answer))
}

function readAs(root: string, operation: string, { text }: StoreAnswer): XmlNode {
  try {
    const node = parseXml(text ?? '', MAX_ELEMENTS)
    if (node.name === root) return node
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
  }
  throw new Unseen(`The store answers ${operation} with something else.`)
}

export function refusalOf(operation: string, { status, code }: StoreAnswer): string {
  if (code === 'AccessDenied' || (code === null && status === 403)) {
    return `The key may not ask for ${operation}.`
  }
  if (code === 'NotImplemented' || status === 501 || status === 405) {
    return `The store knows no ${operation}.`
  }
  return `The store answers ${operation} with ${code === null ? `${status}` : `${status} ${code}`}.`
}
