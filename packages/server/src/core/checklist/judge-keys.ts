/** What keys can do beside what they need. Pure. */
import type { KeyScope } from '../../catalog/records.ts'
import { DAY_MS } from '../../platform/durations.ts'
import { finding } from './checklist.ts'
import type { Fault, Finding } from './checklist.ts'
import type { ChecklistFacts } from './facts.ts'
import { isAlive, namesOf } from './living-keys.ts'

const MAX_ADMINS = 3
const OLD_DAYS = 365
const UNUSED_DAYS = 90

interface LivingKey {
  readonly id: string
  readonly name: string
  readonly scope: KeyScope
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  readonly lastUsedAt: number | null
}

export function judgeKeys(facts: ChecklistFacts): Finding[] {
  const { nowMs } = facts
  const isLiving = (key: LivingKey): boolean => isAlive(key, nowMs)
  const pairs: LivingKey[] = facts.accessKeys.filter(isSwitchedOn).filter(isLiving)
  const keys = [...facts.apiKeys.filter(isLiving), ...pairs]
  return [
    finding('scopes', 'boundless-keys', {
      passed: 'Every key that can change files is bound to a folder, to addresses or to an end.',
      fault: findBoundless(keys),
    }),
    finding('scopes', 'administrators', {
      passed: `At most ${MAX_ADMINS} keys administer everything.`,
      fault: findAdministrators(keys),
    }),
    finding('scopes', 'old-keys', {
      passed: `No key is older than ${OLD_DAYS} days.`,
      fault: findOld(keys, nowMs),
    }),
    finding('scopes', 'unused-pairs', {
      passed: `Every key pair was used, or made, within ${UNUSED_DAYS} days.`,
      fault: findUnused(pairs, nowMs),
    }),
  ]
}

function isSwitchedOn({ disabledAt }: { readonly disabledAt: number | null }): boolean {
  return disabledAt === null
}

function isAdministrator({ scope }: LivingKey): boolean {
  return scope.actions.includes('admin') && scope.pathPrefix === ''
}

function findBoundless(keys: readonly LivingKey[]): Fault | null {
  const boundless = keys.filter(
    (key) =>
      !isAdministrator(key) &&
      key.scope.actions.some((action) => action === 'write' || action === 'delete') &&
      key.scope.pathPrefix === '' &&
      key.scope.cidrs.length === 0 &&
      key.expiresAt === null,
  )
  if (boundless.length === 0) return null
  return {
    found: `${namesOf(boundless)} can change every file, from everywhere, for ever.`,
    remedy:
      'Make one with --prefix, --cidr or --expires (hallpass keys create), let its program use that, and revoke the wide one (hallpass keys revoke).',
  }
}

function findAdministrators(keys: readonly LivingKey[]): Fault | null {
  const administrators = keys.filter(isAdministrator)
  if (administrators.length <= MAX_ADMINS) return null
  return {
    status: 'advice',
    found: `${administrators.length} keys administer everything: ${namesOf(administrators)}.`,
    remedy: 'Revoke those that nobody needs: hallpass keys list, hallpass keys revoke.',
  }
}

function findOld(keys: readonly LivingKey[], nowMs: number): Fault | null {
  const old = keys.filter(({ createdAt }) => nowMs - createdAt > OLD_DAYS * DAY_MS)
  if (old.length === 0) return null
  return {
    found: `${namesOf(old)} is older than ${OLD_DAYS} days.`,
    remedy:
      'Make a new one (hallpass keys create), let its program use it, and revoke the old one.',
  }
}

function findUnused(pairs: readonly LivingKey[], nowMs: number): Fault | null {
  const unused = pairs.filter(
    ({ lastUsedAt, createdAt }) => nowMs - (lastUsedAt ?? createdAt) > UNUSED_DAYS * DAY_MS,
  )
  if (unused.length === 0) return null
  return {
    status: 'advice',
    found: `${namesOf(unused)} was not used for ${UNUSED_DAYS} days.`,
    remedy:
      'Switch it off (PATCH /v1/access-keys/ID {"disabled": true}), and revoke it if nobody misses it.',
  }
}
