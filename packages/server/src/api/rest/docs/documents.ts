/**
 * What the service says of itself, drawn once and kept: anybody may ask for it, as often as they like, and drawing it costs a
 * hundred times what sending it does.
 */
import type { OpenApiDocument } from '../context.ts'
import { PROBLEMS } from '../render-error.ts'
import type { ProblemCode } from '../render-error.ts'
import { EXAMPLES } from './examples.ts'
import { nameSchemas } from './name-schemas.ts'
import { renderDocs } from './render-docs.ts'
import { renderErrorDocs } from './render-error-docs.ts'

export interface Documents {
  /** The OpenAPI 3.1 document, as JSON. */
  openApi(): string
  /** The same as a page to read. */
  page(): string
  /** What one error code means; `null` if there is no such code. */
  errorPage(code: string): string | null
}

/** `describe` is asked once, when the first of them is wanted: by then every route is known. */
export function createDocuments(
  describe: () => OpenApiDocument,
  publicUrl: () => string,
): Documents {
  const errorPages = new Map<ProblemCode, string>()
  return {
    openApi: once(() =>
      JSON.stringify({ ...nameSchemas(describe(), EXAMPLES), servers: [{ url: publicUrl() }] }),
    ),
    page: once(() => renderDocs(describe())),
    errorPage: (code) => {
      if (!isProblemCode(code)) return null
      const page = errorPages.get(code) ?? renderErrorDocs(code)
      errorPages.set(code, page)
      return page
    },
  }
}

function once(make: () => string): () => string {
  let made: string | null = null
  return () => {
    made ??= make()
    return made
  }
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
