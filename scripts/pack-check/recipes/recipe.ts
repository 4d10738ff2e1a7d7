/** What a recipe is to its check: a page, and the world its program is run in. */
import type { Project } from '../project.ts'

/** What a program needs around it, and what it must have printed. */
export interface World {
  /** The variables that its page names. */
  readonly env: Readonly<Record<string, string>>
  /** What is wrong with what it printed; `null` if nothing is. */
  readonly judge: (printed: string) => string | null | Promise<string | null>
  readonly close?: () => void | Promise<void>
}

/** What a world is made with. */
export interface Stage {
  readonly project: Project
  /** The whole page, for what stands on it beside the program. */
  readonly page: string
  /** A new folder. */
  readonly folder: string
}

/** Makes a world, or says what this machine lacks for it. */
export type MakeWorld = (stage: Stage) => Promise<World | { readonly lacks: string }>

/** A judge who wants to find the pattern. */
export function prints(pattern: RegExp): World['judge'] {
  return (printed) => (pattern.test(printed) ? null : `it does not match ${pattern.source}`)
}
