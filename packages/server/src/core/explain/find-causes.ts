/**
 * Why a request fails, beside its signature: by the key that it names, by every rule that stands against it, and by what lies at its path.
 * The rules are those that decide about requests; nothing is counted and nobody is let in.
 */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isDomainError, refusal } from '../errors.ts'
import type { DomainError, DomainErrorCode } from '../errors.ts'
import { findReadable } from '../files/open-file.ts'
import { requireConditions } from '../files/write-file.ts'
import { findVersion } from '../find-version.ts'
import type { Caller } from '../identity.ts'
import type { LinkView } from '../links/links.ts'
import type { ObjectPath } from '../paths.ts'
import { authorize, explainRefusal } from '../policy/authorize.ts'
import type { BrokenRule } from '../policy/decide.ts'
import { findBrokenTerm, termsOfGrant } from '../policy/folder-rules.ts'
import { resolveFolder } from '../policy/resolve-folder.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { REMEDIES } from '../remedies.ts'
import type { Asked } from './asked.ts'
import { recordRefusals } from './record-refusals.ts'
import { tellAbsence, tellLink } from './tell.ts'
import { whyKeyEnded } from './why-key-ended.ts'

/** One reason, in the words of docs/errors.md. */
export interface ServerCause {
  readonly code: DomainErrorCode | 'key-unknown'
  /** From 0 to 1. */
  readonly confidence: number
  readonly what: string
  readonly fix: string | null
  readonly evidence: string | null
}

export interface Explained extends Asked {
  /** Who would be calling; `null` where the signature does not hold. */
  readonly caller: Caller | null
  readonly versionId: string | null
  /** The one that it names. */
  readonly link: LinkView | null
  /** The key that it names. */
  readonly keyId: string | null
  /** That key, if it is stored. */
  readonly signer: AccessKeyRecord | null
  /** It is the address of a share, which may ask for a password. */
  readonly isShare: boolean
  /** False: nobody said from where it came. */
  readonly isAddressKnown: boolean
}

const SURE = 0.99
/** Below what is seen in the request itself: it depends on what nobody said. */
const UNSURE = 0.3
const ABOUT_ADDRESSES: ReadonlySet<string> = new Set(['link-addresses', 'key-addresses'])

/** In the order in which they would be met; empty if nothing stands against it. */
export async function findCauses(
  core: CoreContext,
  explained: Explained,
): Promise<readonly ServerCause[]> {
  const ended = await whyKeyEnded(core, explained)
  const refused = await findRefusals(core, explained)
  // What the key did to its links was told with it.
  const rules = refused.filter(({ rule }) => ended === null || rule !== 'key-ended')
  const absent = await findAbsence(core, explained, refused.length === 0)
  const causes = [
    ...(ended === null ? [] : [{ code: 'key-unknown', confidence: SURE, ...ended } as const]),
    ...(await Promise.all(rules.map((broken) => toCause(core, explained, broken)))),
    ...(absent === null ? [] : [await toAbsence(core, explained, absent)]),
    ...passwordCauses(explained),
  ]
  return causes.filter(({ code }, at) => causes.findIndex((cause) => cause.code === code) === at)
}

/** Of whoever the signature shows by all the rules; of a link whose signature does not hold by what its record says. */
async function findRefusals(
  core: CoreContext,
  { caller, action, path, link }: Explained,
): Promise<readonly BrokenRule[]> {
  if (caller !== null && action !== null && path !== null) {
    return explainRefusal(core, caller, action, path)
  }
  if (caller !== null || link === null) return []
  const { grant } = link
  const folder = await resolveFolder(core, grant.bucket, grant.key)
  const broken = findBrokenTerm(folder, termsOfGrant(grant))
  return [...recordRefusals(link, core.clock.now()), ...(broken === null ? [] : [broken])]
}

async function toCause(
  core: CoreContext,
  { link, isAddressKnown }: Explained,
  { rule, refusal: refused }: BrokenRule,
): Promise<ServerCause> {
  const isGuess = !isAddressKnown && ABOUT_ADDRESSES.has(rule)
  const evidence = link === null ? null : await tellLink(core, link, refused.code)
  return { ...said(refused), confidence: isGuess ? UNSURE : SURE, evidence }
}

async function toAbsence(
  core: CoreContext,
  { path, link }: Explained,
  refused: DomainError,
): Promise<ServerCause> {
  const evidence =
    refused.code === 'link-revoked' && link !== null
      ? 'The link is for a file that was stored here before, or for another version of it.'
      : await tellAbsence(core, path, refused.code)
  return { ...said(refused), confidence: SURE, evidence }
}

function said({ code, message }: DomainError): Pick<ServerCause, 'code' | 'what' | 'fix'> {
  return { code, what: message, fix: REMEDIES[code] }
}

/** What would be met behind the rules: no bucket, no file, a version that is gone, a file that must not be replaced. */
async function findAbsence(
  core: CoreContext,
  { caller, path, meets, versionId }: Explained,
  isLetIn: boolean,
): Promise<DomainError | null> {
  if (path === null || path.bucket === '') return null
  try {
    const admitted = isLetIn ? caller : null
    if (meets === 'bucket') await requireBucket(core, path)
    else if (meets === 'file' && admitted !== null) {
      await findReadable(core, await authorize(core, admitted, 'read', path), versionId)
    } else if (meets === 'replaced' && admitted !== null) {
      await requireConditions(core, await authorize(core, admitted, 'write', path), {})
    } else if (meets === 'file') await findVersion(core, { path }, versionId)
    return null
  } catch (error) {
    if (isDomainError(error)) return error
    throw error
  }
}

/** Whether whoever came knew it, nobody can say here. */
function passwordCauses({ isShare, link }: Explained): readonly ServerCause[] {
  if (!isShare || link?.grant.share?.password === undefined) return []
  const asked = refusal('share-password-needed', {})
  return [{ ...said(asked), confidence: UNSURE, evidence: null }]
}

async function requireBucket({ catalog }: CoreContext, { bucket }: ObjectPath): Promise<void> {
  if ((await catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
}
