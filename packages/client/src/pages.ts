/** Lists that come in pages. */
import type { CallOptions } from './send.ts'

interface Page {
  readonly nextCursor: string | null
}

/**
 * One page after the other, until the last.
 *
 * ```ts
 * for await (const { links } of pages(hp.links.list, { path: 'acme/' })) …
 * ```
 */
export async function* pages<
  Input extends { readonly cursor?: string | undefined },
  Answer extends Page,
>(
  list: (input: Input, options?: CallOptions) => Promise<Answer>,
  input: Input,
  options?: CallOptions,
): AsyncGenerator<Answer, void, undefined> {
  let cursor: string | null | undefined = input.cursor
  do {
    const page: Answer = await list({ ...input, ...(cursor && { cursor }) }, options)
    yield page
    cursor = page.nextCursor
  } while (cursor !== null)
}
