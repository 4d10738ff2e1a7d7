/**
 * Settings of S3 that every bucket here has in one way: told as S3 tells them, and taken only as they are. A document that asks for
 * more is `not-implemented` and names the setting.
 */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { emptyAnswer, xmlAnswer } from '../../answers/answers.ts'
import type { XmlElement } from '../../answers/xml.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Operation } from '../../face.ts'
import type { XmlNode } from '../../../../platform/xml.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'

interface FixedSetting {
  /** S3's parameter. */
  readonly name: string
  readonly root: string
  readonly content: readonly XmlElement[]
}

export const ACCELERATION: FixedSetting = {
  name: 'accelerate',
  root: 'AccelerateConfiguration',
  content: [],
}
export const LOGGING: FixedSetting = { name: 'logging', root: 'BucketLoggingStatus', content: [] }
export const NOTIFICATION: FixedSetting = {
  name: 'notification',
  root: 'NotificationConfiguration',
  content: [],
}
export const OWNERSHIP: FixedSetting = {
  name: 'ownershipControls',
  root: 'OwnershipControls',
  content: [['Rule', [['ObjectOwnership', 'BucketOwnerEnforced']]]],
}
export const REQUEST_PAYMENT: FixedSetting = {
  name: 'requestPayment',
  root: 'RequestPaymentConfiguration',
  content: [['Payer', 'BucketOwner']],
}

export function tell({ root, content }: FixedSetting): S3Operation<'list'> {
  return async ({ core }, { permit }) => {
    await findBucket(core, permit)
    return xmlAnswer(root, content)
  }
}

export function takeAsIs({ name, root, content }: FixedSetting): S3Operation<'admin'> {
  return async (face, { permit, request }) => {
    await findBucket(face.core, permit)
    const asked = await requireXmlBody(face, request, { ...SMALL_DOCUMENT, root })
    if (!holds(asked, content)) throw s3Refusal('not-implemented', { feature: name })
    return emptyAnswer(200)
  }
}

function holds({ children }: XmlNode, content: readonly XmlElement[]): boolean {
  return (
    children.length === content.length &&
    content.every(([name, value], index) => {
      const child = children[index]
      if (child?.name !== name) return false
      return Array.isArray(value)
        ? holds(child, value as readonly XmlElement[])
        : child.text.trim() === value
    })
  )
}
