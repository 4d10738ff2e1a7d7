/** Keys that still open something, and how a sentence names them. */

/** Neither revoked nor expired. */
export function isAlive(
  {
    revokedAt,
    expiresAt,
  }: { readonly revokedAt: number | null; readonly expiresAt: number | null },
  nowMs: number,
): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > nowMs)
}

/** At most three by name, so that the sentence can be read. */
export function namesOf(keys: readonly { readonly id: string; readonly name: string }[]): string {
  const shown = keys.slice(0, 3).map(({ id, name }) => `${id} (${name})`)
  const more = keys.length - shown.length
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}
