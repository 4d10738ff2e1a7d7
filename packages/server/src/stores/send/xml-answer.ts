/** The XML that stores answer with. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import { XmlFault, childOf, parseXml } from '../../platform/xml.ts'
import type { XmlNode } from '../../platform/xml.ts'
import type { StoreAnswer } from './store-answer.ts'

/** Of the largest page of keys that any of them sends where no more than a thousand are asked for. */
const MAX_ELEMENTS = 64_000

/** The document of an answer, with this root. */
export function readDocument(store: string, { text }: StoreAnswer, root: string): XmlNode {
  try {
    const node = parseXml(text ?? '', MAX_ELEMENTS)
    if (node.name === root) return node
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    throw storeUnavailable(`${store} answers with XML that cannot be read: ${error.message}.`)
  }
  throw storeUnavailable(`${store} answers with XML that is no ${root}.`)
}

/** The code of an `Error` document; `null` for anything else. */
export function codeOfError(text: string): string | null {
  if (!text.includes('<Error')) return null
  try {
    const root = parseXml(text, MAX_ELEMENTS)
    return root.name === 'Error' ? (childOf(root, 'Code')?.text ?? null) : null
  } catch (error) {
    if (error instanceof XmlFault) return null
    throw error
  }
}

/** Empty if there is no such child. */
export function textOf(node: XmlNode, name: string): string {
  return childOf(node, name)?.text ?? ''
}
