/**
 * Reads single headers out of Node's raw list (names and values in turn). The merged view drops or joins repeats,
 * and building it costs more than the few look-ups an operation needs.
 */

export type RawHeaders = readonly string[]

/** Every value of the header, in order of arrival; `name` in lower case. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (isNamed(headers[index], name)) values.push(headers[index + 1] ?? '')
  }
  return values
}

/** The first value of the header, or `null`; `name` in lower case. */
export function findHeader(headers: RawHeaders, name: string): string | null {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (isNamed(headers[index], name)) return headers[index + 1] ?? ''
  }
  return null
}

/** All values of a list header as one text, joined as RFC9110 joins repeats; `null` without any. */
export function joinedHeader(headers: RawHeaders, name: string): string | null {
  if (findHeader(headers, name) === null) return null
  return headerValues(headers, name).join(', ')
}

function isNamed(candidate: string | undefined, name: string): boolean {
  return (
    candidate !== undefined && candidate.length === name.length && candidate.toLowerCase() === name
  )
}
