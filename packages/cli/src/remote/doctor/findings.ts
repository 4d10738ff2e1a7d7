/**
 * What was looked at, and what was found.
 *
 * @module
 */
import { CliError } from '../../io.ts'
import type { ItemId } from './checklist-items.ts'

/** `skipped`: it could not be tried, and nobody knows. */
export type Status = 'passed' | 'advice' | 'failed' | 'skipped'

export interface Finding {
  readonly item: ItemId
  /** Stable: programs may go by it. */
  readonly id: string
  readonly status: Status
  readonly found: string
  /** How to mend it; `null` of what passed, or is not known. */
  readonly remedy: string | null
}

export interface Fault {
  readonly status?: 'advice' | 'failed'
  readonly found: string
  readonly remedy: string
}

export interface Attempt {
  readonly item: ItemId
  readonly id: string
  /** What is true if there is no fault. */
  readonly passed: string
  /** Resolves to what is wrong; throws {@link Untried}, or what a network throws, if it could not be tried. */
  readonly look: () => Promise<Fault | null>
}

/** It could not be tried: `message` says why. */
export class Untried extends Error {
  override readonly name: string = 'Untried'
}

export async function attempt({ item, id, passed, look }: Attempt): Promise<Finding> {
  try {
    const fault = await look()
    if (fault === null) return { item, id, status: 'passed', found: passed, remedy: null }
    return { item, id, status: 'failed', ...fault }
  } catch (error) {
    if (error instanceof TypeError && !('cause' in error)) throw error
    return { item, id, status: 'skipped', found: `Not tried: ${reasonOf(error)}`, remedy: null }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Untried || error instanceof CliError) return error.message
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : 'no answer'
  return `${message === '' ? 'no answer' : message}.`
}
