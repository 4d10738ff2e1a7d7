/** How long links live, what they may do, and what signs them. Pure. */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { DAY_MS } from '../../platform/durations.ts'
import { finding } from './checklist.ts'
import type { Fault, Finding } from './checklist.ts'
import type { ChecklistFacts } from './facts.ts'
import { isAlive, namesOf } from './living-keys.ts'

const HOUR_SECONDS = 3600
const DAY_SECONDS = 86_400

export function judgeLives(facts: ChecklistFacts): Finding[] {
  return [
    finding('short-lives', 'default-lives', {
      passed: `A link that names no life gets ${facts.policy.defaultDownloadSeconds} s for downloads and ${facts.policy.defaultUploadSeconds} s for uploads.`,
      fault: findLongDefaults(facts),
    }),
    finding('longest-life', 'reasons', {
      passed: `What the server signs for longer than ${facts.policy.reasonOverSeconds} s needs a written reason.`,
      fault: findMissingReasons(facts),
    }),
    finding('longest-life', 'presigned-lives', {
      passed: 'No key pair can presign for longer than a day.',
      fault: findLongSigners(facts),
    }),
    finding('methods', 'presigned-delete', {
      passed: 'No key pair can presign a deletion.',
      fault: findDeleters(facts),
    }),
    finding('rotation', 'rotation-schedule', {
      passed: `Signing keys are rotated after ${facts.signingKeyDays} days.`,
      fault: findMissingSchedule(facts),
    }),
    finding('rotation', 'signing-key-age', {
      passed: 'The signing key is no older than that.',
      fault: findOldSigningKey(facts),
    }),
  ]
}

function findLongDefaults({ policy }: ChecklistFacts): Fault | null {
  const { defaultDownloadSeconds, defaultUploadSeconds } = policy
  const longest = Math.max(defaultDownloadSeconds, defaultUploadSeconds)
  if (longest <= HOUR_SECONDS) return null
  return {
    found: `A link that names no life gets ${longest} s.`,
    remedy:
      'Bring it below an hour: hallpass policy set --line defaultDownloadSeconds=300 --line defaultUploadSeconds=900.',
  }
}

function findMissingReasons({ policy }: ChecklistFacts): Fault | null {
  const { maxDownloadSeconds, maxUploadSeconds, reasonOverSeconds } = policy
  const longest = Math.max(maxDownloadSeconds, maxUploadSeconds)
  if (Math.min(longest, reasonOverSeconds) <= DAY_SECONDS) return null
  return {
    found: `A link may live ${longest} s, and needs no reason up to ${reasonOverSeconds} s.`,
    remedy: 'Ask for one after a day: hallpass policy set --line reasonOverSeconds=86400.',
  }
}

function findLongSigners(facts: ChecklistFacts): Fault | null {
  const { maxDownloadSeconds, maxUploadSeconds, reasonOverSeconds } = facts.policy
  // Below the standard it binds what clients presigned, too: they can write no reason.
  const bound = reasonOverSeconds < DAY_SECONDS ? reasonOverSeconds : Number.POSITIVE_INFINITY
  const longest = Math.min(Math.max(maxDownloadSeconds, maxUploadSeconds), bound)
  const long = livingPairs(facts).filter((pair) => pair.maxExpiresInSeconds > DAY_SECONDS)
  if (long.length === 0 || longest <= DAY_SECONDS) return null
  return {
    found: `${namesOf(long)} may presign for up to ${Math.min(longest, Math.max(...long.map((pair) => pair.maxExpiresInSeconds)))} s, and nobody writes a reason for that.`,
    remedy:
      'Make narrower pairs (hallpass keys create NAME --s3 --max-expires 1d) and revoke these, or bound all links: hallpass policy set --line maxDownloadSeconds=86400 --line maxUploadSeconds=86400.',
  }
}

function findDeleters(facts: ChecklistFacts): Fault | null {
  const deleters = livingPairs(facts).filter((pair) => pair.mayPresignDelete)
  if (deleters.length === 0 || !facts.policy.methods.includes('DELETE')) return null
  return {
    found: `${namesOf(deleters)} may presign deletions.`,
    remedy:
      'Take it away from all links with hallpass policy set --line methods=GET,PUT,POST, or use pairs made without --presign-delete.',
  }
}

function findMissingSchedule({ signingKeyDays }: ChecklistFacts): Fault | null {
  if (signingKeyDays > 0 && signingKeyDays <= 90) return null
  return {
    found:
      signingKeyDays === 0
        ? 'Signing keys are rotated by command alone.'
        : `Signing keys are rotated after ${signingKeyDays} days.`,
    remedy: 'Set HALLPASS_SIGNING_KEY_DAYS to 90 or less; no link breaks by a rotation.',
  }
}

function findOldSigningKey({ signingKeys, signingKeyDays, nowMs }: ChecklistFacts): Fault | null {
  const active = signingKeys.find(
    ({ state, revokedAt }) => state === 'active' && revokedAt === null,
  )
  if (active === undefined) return { found: 'There is no active signing key.', remedy: ROTATE }
  const days = Math.floor((nowMs - active.createdAt) / DAY_MS)
  const most = signingKeyDays === 0 ? 90 : signingKeyDays + 1
  return days <= most ? null : { found: `The signing key is ${days} days old.`, remedy: ROTATE }
}

const ROTATE = 'Rotate it: POST /v1/signing-keys/rotate. Links that are out there go on.'

function livingPairs(facts: ChecklistFacts): AccessKeyRecord[] {
  return facts.accessKeys.filter((key) => isAlive(key, facts.nowMs) && key.disabledAt === null)
}
