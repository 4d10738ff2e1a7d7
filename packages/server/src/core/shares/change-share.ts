/** Narrows a share that is out there, and changes what it tells people. Its address stays. */
import type { ShareTerms } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { LinkView } from '../links/links.ts'
import { narrowLink } from '../links/narrow-link.ts'
import type { Narrowing } from '../links/narrow-link.ts'
import type { Permit } from '../policy/permit.ts'
import { hashPassword } from './share-password.ts'

/** What is left out stays as it is. */
export interface ShareChange extends Omit<Narrowing, 'share'> {
  /** From then on the only one: a share that has a password always keeps one. */
  readonly password?: string
  /** `null` takes it away. */
  readonly greeting?: string | null
  readonly owner?: string | null
}

/** `permit` is for what is shared. Throws what `narrowLink` throws. */
// oxlint-disable-next-line max-params -- which, and how
export async function changeShare(
  core: CoreContext,
  permit: Permit<'share'>,
  id: string,
  change: ShareChange,
): Promise<LinkView> {
  const { password, greeting, owner, ...narrowing } = change
  const hashed = password === undefined ? undefined : await hashPassword(password, core.random)
  const retell = ({ kind, ...told }: ShareTerms): ShareTerms => ({
    kind,
    ...withoutEmpty({
      password: hashed ?? told.password,
      greeting: greeting === undefined ? told.greeting : greeting,
      owner: owner === undefined ? told.owner : owner,
    }),
  })
  return narrowLink(core, permit, id, { ...narrowing, share: retell })
}

type Told = Omit<ShareTerms, 'kind'>

function withoutEmpty(told: {
  readonly [Field in keyof Told]: Told[Field] | null | undefined
}): Told {
  const { password, greeting, owner } = told
  return {
    ...(typeof password === 'string' && { password }),
    ...(typeof greeting === 'string' && { greeting }),
    ...(typeof owner === 'string' && { owner }),
  }
}
