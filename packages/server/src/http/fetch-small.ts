/**
 * Fetches a small document. The address is the operator's own choice; what comes from there may be anything: redirects are not followed,
 * and no more is read than such a document has.
 */

const MAX_BYTES: number = 256 * 1024

/** As `fetch`, with the whole body read. Rejects where there is no answer, or too much of one. */
export async function fetchSmall(
  url: string,
  options: Omit<RequestInit, 'redirect'>,
): Promise<Response> {
  const answer = await fetch(url, { ...options, redirect: 'manual' })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Error(`The answer has more than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  const { status, headers } = answer
  // Some statuses may have no body, not even an empty one.
  return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, headers })
}
