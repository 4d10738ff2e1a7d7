/**
 * Words as shells read them.
 *
 * @module
 */
import type { CommandShape } from './command-shapes.ts'

/** In single quotes, for shells of the family of sh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Each command as `PARENT NAME`, with nothing before the blank where it has no parent. */
export function pathsOf(shapes: readonly CommandShape[]): string[] {
  return shapes.flatMap(({ path, children }) => children.map(({ name }) => `${path} ${name}`))
}
