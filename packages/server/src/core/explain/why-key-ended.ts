/** What became of the key that a request names, where it signs nothing any more. */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { isTemporaryKeyId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { byKey, findEvent, iso } from './tell.ts'

export interface EndedKey {
  readonly what: string
  readonly fix: string
  readonly evidence: string | null
}

/** `null` for one that lives, and where none is named. */
export async function whyKeyEnded(
  core: CoreContext,
  named: { readonly keyId: string | null; readonly signer: AccessKeyRecord | null },
): Promise<EndedKey | null> {
  const { keyId, signer } = named
  if (keyId === null) return null
  const keys = await core.keyRing.current()
  if (keys.findAccessKey(keyId, core.clock.now()) !== null) return null
  if (signer !== null) return tellEnd(core, signer)
  // Temporary credentials are kept nowhere: their token says whether they live.
  if (isTemporaryKeyId(keyId)) return null
  const fix = 'Sign with a key of this server: two servers or environments may be mixed up.'
  return { what: 'This server has no key of the id that signed.', fix, evidence: null }
}

async function tellEnd(core: CoreContext, signer: AccessKeyRecord): Promise<EndedKey> {
  const { id, kind, state, expiresAt, revokedAt, disabledAt } = signer
  const fix =
    kind === 'signing'
      ? 'Ask whoever gave you the link for a new one.'
      : 'Sign with a key that lives, or have this one switched on again if it was switched off.'
  if (revokedAt !== null) {
    const event = await findEvent(core, { keyId: id, kind: 'key.revoked' })
    const evidence = `At ${iso(revokedAt)}${byKey(event)}.`
    return { what: `The key ${id} that signed it was revoked.`, fix, evidence }
  }
  if (disabledAt !== null) {
    const evidence = `At ${iso(disabledAt)}.`
    return { what: `The key ${id} that signed it is switched off.`, fix, evidence }
  }
  if (state === 'retired') {
    const what = `The signing key ${id} was rotated away, and verifies nothing any more.`
    return { what, fix, evidence: null }
  }
  return {
    what: `The key ${id} that signed it has run out.`,
    fix,
    evidence: `At ${iso(expiresAt)}.`,
  }
}
