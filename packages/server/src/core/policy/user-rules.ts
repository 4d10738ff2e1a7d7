/** Whether an end user may: while the token holds, by the rules, from the pages that the folder lets in. */
import { refusal } from '../errors.ts'
import { TOKEN_SKEW_MS, isSwept } from '../users/user-tokens.ts'
import type { UserFacts } from '../users/user-tokens.ts'
import { PAGE_RULE } from './folder-rules.ts'
import type { Ask, Rule } from './rule.ts'

export const USER_RULES: readonly Rule<Ask & { readonly user: UserFacts }>[] = [
  {
    name: 'user-token-ended',
    refuse: (_policy, { user, admittedAt }) =>
      admittedAt < user.expiresAt + TOKEN_SKEW_MS
        ? null
        : refusal('user-token-invalid', { reason: 'it has run out' }),
  },
  {
    name: 'user-revoked',
    refuse: ({ revocation }, { user }) =>
      isSwept(user, revocation)
        ? refusal('user-token-invalid', { reason: 'it was revoked' })
        : null,
  },
  {
    name: 'user-rights',
    refuse: ({ isUserAllowed }, { action }) => {
      if (isUserAllowed) return null
      const reason = `This token does not have the right to ${action} here`
      return refusal('forbidden', { action, reason })
    },
  },
  PAGE_RULE,
]
