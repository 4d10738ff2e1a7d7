/** Writes the small XML documents of S3. Values are escaped here and nowhere else. */

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A value, a list of children, or `null` to leave the element out. */
export type XmlContent = string | number | boolean | readonly XmlElement[] | null
/** Attributes are text of ours, as they stand in the document. */
export type XmlElement = readonly [name: string, content: XmlContent, attributes?: string]

export function formatXmlDocument(
  root: string,
  children: readonly XmlElement[],
  namespace: string | null = S3_NAMESPACE,
): string {
  const attribute = namespace === null ? '' : ` xmlns="${namespace}"`
  return `${PROLOG}<${root}${attribute}>${formatElements(children)}</${root}>`
}

function formatElements(elements: readonly XmlElement[]): string {
  let text = ''
  for (const [name, content, attributes] of elements) {
    if (content === null) continue
    const inner = Array.isArray(content)
      ? formatElements(content as readonly XmlElement[])
      : escapeXml(String(content))
    text += `<${attributes === undefined ? name : `${name} ${attributes}`}>${inner}</${name}>`
  }
  return text
}

// Characters no XML 1.0 document may hold, not even as a reference.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
const SPECIAL = /[&<>"'\r]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

/** Text for an element: always well-formed, whatever the text. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(FORBIDDEN, '\uFFFD')
    .replaceAll(SPECIAL, (character) => ENTITIES[character] ?? character)
}
