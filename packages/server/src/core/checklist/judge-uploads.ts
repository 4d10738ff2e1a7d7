/** What uploads are held to where nobody said anything for the one at hand. Pure. */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import { finding } from './checklist.ts'
import type { Fault, Finding } from './checklist.ts'
import type { ChecklistFacts } from './facts.ts'

export function judgeUploads(facts: ChecklistFacts): Finding[] {
  return [
    finding('upload-types', 'type-lists', {
      passed: 'A policy says which types files may have.',
      fault: says(facts, ({ contentTypes }) => contentTypes !== undefined)
        ? null
        : {
            status: 'advice',
            found: 'Uploads may have any type where their link names none.',
            remedy:
              'Say which types people may upload, for the folder they upload to: hallpass policy set acme/inbox --line contentTypes=image/*,application/pdf.',
          },
    }),
    finding('upload-content', 'matching-types', {
      passed: 'A policy has the bytes of files looked at.',
      fault: says(facts, looksAtBytes)
        ? null
        : {
            status: 'advice',
            found:
              'Nobody looks at the bytes of a file, not even whether they are what its type says.',
            remedy:
              'Ask for it where strangers upload: hallpass policy set acme/inbox --line requireMatchingType=true, or with a scanner --line quarantine=clamav.',
          },
    }),
    finding('upload-sizes', 'size-limits', {
      passed: 'A policy says how large a file may be.',
      fault: says(facts, ({ maxBytes }) => maxBytes !== undefined)
        ? null
        : {
            status: 'advice',
            found:
              'A file may have up to 5 GiB in one piece and 5 TiB in parts where its link says nothing.',
            remedy: 'Bound it: hallpass policy set --line maxBytes=1000000000.',
          },
    }),
    finding('upload-sizes', 'quotas', {
      passed: 'A folder has a quota.',
      fault: findMissingQuotas(facts),
    }),
  ]
}

/** For its type as it comes, or by scanners before anybody sees it. */
function looksAtBytes({ requireMatchingType, quarantine = [] }: FolderPolicy): boolean {
  return requireMatchingType === true || quarantine.length > 0
}

/** The instance, or a folder that somebody thought about. */
function says(
  { policy, folders }: ChecklistFacts,
  test: (policy: FolderPolicy) => boolean,
): boolean {
  return test(policy) || folders.some((folder) => test(folder.policy))
}

function findMissingQuotas({ folders }: ChecklistFacts): Fault | null {
  const hasOne = folders.some(
    ({ policy }) => policy.maxTotalBytes !== undefined || policy.maxFiles !== undefined,
  )
  if (hasOne) return null
  return {
    status: 'advice',
    found: 'No bucket and no folder has a quota: the disk alone bounds what is kept.',
    remedy:
      'Give those that people write to one: hallpass policy set acme --line maxTotalBytes=100000000000.',
  }
}
