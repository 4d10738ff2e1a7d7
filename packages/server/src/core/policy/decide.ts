/**
 * May they: one pure function over what holds and what is asked, which names the rule that decided. Everything it depends on was
 * read before (authorize.ts), so that whoever explains, audits or tries out a policy asks the very same rules.
 */
import type { AnyDomainError, DomainError } from '../errors.ts'
import { narrowTypes } from '../../policy-lines/type-ranges.ts'
import { isLink } from '../identity.ts'
import { MAX_PUT_BYTES } from '../../platform/s3-limits.ts'
import { FOLDER_RULES, PUBLIC_RULES, termsOf } from './folder-rules.ts'
import { KEY_RULES, SIGNER_RULES } from './key-rules.ts'
import { LINK_RULES } from './link-rules.ts'
import { USER_RULES } from './user-rules.ts'
import type { Ask, Policy, Rule } from './rule.ts'

type Right = 'public-folder' | 'key' | 'user' | 'link'

export type Decision =
  | {
      /** By what right: a public folder, a key, a token, or a link. */
      readonly rule: Right
      readonly refusal: null
      readonly minBytes: number
      readonly maxBytes: number
      readonly contentTypes: readonly string[] | null
    }
  | { readonly rule: string; readonly refusal: DomainError | AnyDomainError }

const RULES_OF_LINKS = [...KEY_RULES, ...SIGNER_RULES, ...FOLDER_RULES, ...LINK_RULES]

export function decide(policy: Policy, ask: Ask): Decision {
  return withRules(policy, ask, firstRefusal)
}

type Judge<Outcome> = <Asked extends Ask>(
  rules: readonly Rule<Asked>[],
  policy: Policy,
  asked: Asked,
  right: Right,
) => Outcome

/** Which rules hold for whom, and by what right it would be. */
function withRules<Outcome>(policy: Policy, ask: Ask, judge: Judge<Outcome>): Outcome {
  const { caller } = ask
  if (isLink(caller)) {
    const terms = termsOf(policy.grant, { caller, action: ask.action })
    return judge(RULES_OF_LINKS, policy, { ...ask, caller, terms }, 'link')
  }
  const { user } = caller
  if (user !== undefined) return judge(USER_RULES, policy, { ...ask, user }, 'user')
  return caller.kind === 'anonymous'
    ? judge(PUBLIC_RULES, policy, ask, 'public-folder')
    : judge(KEY_RULES, policy, ask, 'key')
}

export interface BrokenRule {
  readonly rule: string
  readonly refusal: DomainError
}

/** Every rule that stands against it, in the order in which `decide` asks them: for whoever explains. */
export function findBrokenRules(policy: Policy, ask: Ask): readonly BrokenRule[] {
  return withRules(policy, ask, allRefusals)
}

function allRefusals<Asked extends Ask>(
  rules: readonly Rule<Asked>[],
  policy: Policy,
  ask: Asked,
): readonly BrokenRule[] {
  return rules.flatMap(({ name, refuse }) => {
    const refused = refuse(policy, ask)
    return refused === null ? [] : [{ rule: name, refusal: refused }]
  })
}

function firstRefusal<Asked extends Ask>(
  rules: readonly Rule<Asked>[],
  policy: Policy,
  ask: Asked,
  right: Right,
): Decision {
  for (const { name, refuse } of rules) {
    const refused = refuse(policy, ask)
    if (refused !== null) return { rule: name, refusal: refused }
  }
  const { folder, grant } = policy
  const maxBytes = Math.min(
    MAX_PUT_BYTES,
    folder.policy.maxBytes ?? MAX_PUT_BYTES,
    grant?.terms.maxBytes ?? MAX_PUT_BYTES,
  )
  const { minBytes = 0, contentTypes } = folder.policy
  const types = chooseTypes(contentTypes, grant?.terms.contentTypes ?? [])
  return { rule: right, refusal: null, minBytes, maxBytes, contentTypes: types }
}

/** What both the folder and the link let in; `null` where neither says anything. */
function chooseTypes(
  folder: readonly string[] | undefined,
  link: readonly string[],
): readonly string[] | null {
  if (folder === undefined) return link.length === 0 ? null : link
  return link.length === 0 ? folder : narrowTypes(folder, link)
}
