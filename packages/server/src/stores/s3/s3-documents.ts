/** The XML that S3 answers with. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import { XmlFault, childOf, parseXml } from '../../platform/xml.ts'
import type { XmlNode } from '../../platform/xml.ts'
import type { StoreAnswer } from '../send/store-answer.ts'

/** Of a page of a thousand keys. */
const MAX_ELEMENTS = 20_000

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

/** Keys come encoded if the answer says so: XML has no way to spell some characters. */
export function createDecoder(root: XmlNode): (text: string) => string {
  if (textOf(root, 'EncodingType') !== 'url') return (text) => text
  return (text) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '))
    } catch {
      return text
    }
  }
}

/** Empty if there is no such child. */
export function textOf(node: XmlNode, name: string): string {
  return childOf(node, name)?.text ?? ''
}
