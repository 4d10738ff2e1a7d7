/** The one access control list there is where ownership is enforced: everything is the owner's [S3-ACL]. */
import { xmlAnswer } from '../../answers/answers.ts'
import { OWNER } from '../../answers/format-listing.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import { amzHeader } from '../../face.ts'
import type { S3Answer, S3Face, S3Request } from '../../face.ts'
import { childOf } from '../../../../platform/xml.ts'
import type { XmlNode } from '../../../../platform/xml.ts'
import { SMALL_DOCUMENT, readXmlBody } from '../../uploads/read-xml-body.ts'
import { refuseUnsupportedFeatures } from '../../uploads/upload-features.ts'

const IS_USER = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"'

export function aclAnswer(): S3Answer {
  const [, owner] = OWNER
  const grant = [
    ['Grantee', owner, IS_USER],
    ['Permission', 'FULL_CONTROL'],
  ] as const
  return xmlAnswer('AccessControlPolicy', [OWNER, ['AccessControlList', [['Grant', grant]]]])
}

/** Throws `acl-not-supported` for whatever asks for anything but what holds anyway, `acl-missing`, and `body-unexpected`. */
export async function requireOwnersAcl(face: S3Face, request: S3Request): Promise<void> {
  refuseUnsupportedFeatures(request)
  const limits = { ...SMALL_DOCUMENT, root: 'AccessControlPolicy' }
  const policy = await readXmlBody(face, request, limits)
  // A grant would have been refused above.
  const isInHeader = amzHeader(request, 'x-amz-acl') !== null
  if (policy === null && !isInHeader) throw s3Refusal('acl-missing', {})
  if (policy !== null && isInHeader) throw s3Refusal('body-unexpected', {})
  if (policy !== null && !isOwners(policy)) throw s3Refusal('acl-not-supported', {})
}

function isOwners(policy: XmlNode): boolean {
  const grants = childOf(policy, 'AccessControlList')?.children ?? []
  const [grant, ...more] = grants
  if (grant === undefined || more.length > 0) return false
  const [, owner] = OWNER
  const id = Array.isArray(owner) ? owner.find(([name]) => name === 'ID')?.[1] : null
  const grantee = childOf(grant, 'Grantee')
  return (
    childOf(grant, 'Permission')?.text === 'FULL_CONTROL' &&
    grantee !== null &&
    childOf(grantee, 'ID')?.text === id
  )
}
