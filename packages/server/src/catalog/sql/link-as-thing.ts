/** How transactions that may run beside each other name a link that they touch. */
export function linkAsThing(id: string): string {
  return `link ${id}`
}
