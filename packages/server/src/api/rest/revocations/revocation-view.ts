/** A rule that ends links up to a moment, as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { RevocationRecord } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import type { RevocationTarget } from '../../../core/links/revocations.ts'
import { isPersonId, subjectOf } from '../../../core/users/user-id.ts'
import { Time, formatTime, named, strictObject } from '../schemas.ts'

const REACHES = ['file', 'folder', 'key'] as const

export const RevocationId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,2048}$',
  description: 'The id of a rule.',
})

export const RevocationSchema = named(
  'Revocation',
  strictObject(
    {
      id: RevocationId,
      reach: Type.Union([
        Type.Literal('all'),
        Type.Literal('file'),
        Type.Literal('folder'),
        Type.Literal('key'),
        Type.Literal('subject'),
      ]),
      target: Type.Union([Type.String(), Type.Null()], {
        description:
          'The path of the file or folder, the id of the key, or the `sub` of the end user.',
      }),
      notBefore: Time,
      forgottenAt: Type.Union([Time, Type.Null()], {
        description: 'When no link that the rule covers can be in time any more.',
      }),
    },
    'Links in reach that were issued before `notBefore` are dead.',
  ),
)

export function viewRevocation(rule: RevocationRecord): Static<typeof RevocationSchema> {
  const { scope, notBefore, forgetAt } = rule
  return {
    id: formatRevocationId(scope),
    ...describeScope(scope),
    notBefore: formatTime(notBefore),
    forgottenAt: Number.isSafeInteger(forgetAt) ? formatTime(forgetAt) : null,
  }
}

function describeScope(scope: string): Pick<Static<typeof RevocationSchema>, 'reach' | 'target'> {
  const reach = REACHES.find((known) => scope.startsWith(`${known}:`))
  if (reach === undefined) return { reach: 'all', target: null }
  const target = scope.slice(reach.length + 1)
  const subject = reach === 'key' && !isPersonId(target) ? subjectOf(target) : null
  return subject === null ? { reach, target } : { reach: 'subject', target: subject }
}

/** What the rule for the whole instance is called by. */
export const ALL = 'all'

/** What a rule is about is what it is called by: there is one for each file, folder, key and user. */
export function formatRevocationId(scope: string): string {
  return scope === '' ? ALL : Buffer.from(scope).toString('base64url')
}

/** Throws `revocation-not-found` for an id that is none. */
export function parseRevocationId(id: string): RevocationTarget {
  if (id === ALL) return { kind: 'instance' }
  const scope = Buffer.from(id, 'base64url').toString('utf8')
  const colon = scope.indexOf(':')
  const rest = scope.slice(colon + 1)
  switch (scope.slice(0, Math.max(0, colon))) {
    case 'file':
      return { kind: 'file', path: rest }
    case 'folder':
      return { kind: 'folder', path: rest }
    case 'key':
      return { kind: 'key', keyId: rest }
    default:
      throw refusal('revocation-not-found', { scope: id })
  }
}
