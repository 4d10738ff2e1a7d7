/** Makes references of the schemas that have a name, so that each stands in the OpenAPI document once, under `components`. */
import { isDeepStrictEqual } from 'node:util'

type Node = Readonly<Record<string, unknown>>

/** The document with its named schemas moved. Throws if two that differ have the same name. */
export function nameSchemas<Document extends { readonly paths: object }>(
  document: Document,
  examples: Readonly<Record<string, unknown>> = {},
): Document & { readonly components: { readonly schemas: Node } } {
  const schemas: Record<string, Node> = {}
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (!isNode(node)) return node
    const visited = Object.fromEntries(Object.entries(node).map(([key, of]) => [key, visit(of)]))
    const { title, ...schema } = visited
    if (typeof title !== 'string') return visited
    const example = examples[title]
    const known = example === undefined ? schema : { ...schema, examples: [example] }
    if (!isDeepStrictEqual(schemas[title] ?? known, known)) {
      throw new Error(`Two schemas that differ are named ${title}.`)
    }
    schemas[title] = known
    return { $ref: `#/components/schemas/${title}` }
  }
  const paths = visit(document.paths)
  const components = 'components' in document ? document.components : {}
  return { ...document, paths, components: { ...(components as object), schemas } }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}
