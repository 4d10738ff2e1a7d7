/**
 * The answer to "may this caller do this, here, how much, until when". Core functions take it as an argument: without a permit
 * they cannot be called, and only core/policy makes one.
 */
import type { Action, GrantRecord, Quota } from '../../catalog/records.ts'
import type { ResolvedFolder } from './resolve-folder.ts'
import type { Caller } from '../identity.ts'
import type { ObjectPath } from '../paths.ts'

declare const permitBrand: unique symbol

export interface Permit<Allowed extends Action = Action> {
  readonly [permitBrand]: Allowed
  readonly caller: Caller
  readonly action: Allowed
  readonly path: ObjectPath
  /** The only file that may be met at the path, whatever its name; `null` for any. */
  readonly fileId: string | null
  /** The only version of it that may be met; `null` for any. */
  readonly versionId: string | null
  /** Visibility and effective policy of the folders above the path, read once. */
  readonly folder: ResolvedFolder
  /** The record behind a link; `null` for keys and for links without one. */
  readonly grant: GrantRecord | null
  /** Writes: what of folders and of the key has a bound in all. */
  readonly quotas: readonly Quota[]
  /** Writes: the largest body. */
  readonly maxBytes: number
  /** Writes: the smallest file. */
  readonly minBytes: number
  /** Writes: what the body may call itself; `null` for anything. */
  readonly contentTypes: readonly string[] | null
  /** Milliseconds: when it was given. What began in time may finish. */
  readonly admittedAt: number
  /** Milliseconds: nothing may go on under this permit past it, however it began. */
  readonly latestEnd: number
  /** Of keys, revocations and folders, under which this was answered. A write commits only under the same one. */
  readonly epoch: number
}

/** It is for a link with a number of uses. */
export function isCounted({ grant }: Permit): boolean {
  return grant !== null && grant.maxUses !== null
}

/** Only for core/policy. */
export function makePermit<Allowed extends Action>(
  fields: Omit<Permit<Allowed>, typeof permitBrand>,
): Permit<Allowed> {
  return fields as Permit<Allowed>
}
