/**
 * [S3-API] GetPublicAccessBlock and what sets and removes it. ACLs count for nothing here, so a bucket may say of them what it likes. That
 * policies make nothing public is what nobody here would keep to: folders are made public in other ways too.
 */
import { changeSettings, publicAccessBlockOf } from '../../../../core/buckets/bucket-settings.ts'
import type { PublicAccessBlock } from '../../../../core/buckets/bucket-settings.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { childOf } from '../../../../platform/xml.ts'
import type { XmlNode } from '../../../../platform/xml.ts'
import { emptyAnswer, xmlAnswer } from '../../answers/answers.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Operation } from '../../face.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'

const ROOT = 'PublicAccessBlockConfiguration'
const OF_POLICIES = ['BlockPublicPolicy', 'RestrictPublicBuckets'] as const
const KNOWN: ReadonlySet<string> = new Set(['BlockPublicAcls', 'IgnorePublicAcls', ...OF_POLICIES])

export const getPublicAccessBlock: S3Operation<'list'> = async ({ core }, { permit }) => {
  const bucket = await findBucket(core, permit)
  const block = publicAccessBlockOf(bucket)
  if (block === null) {
    throw s3Refusal('setting-not-found', { setting: 'publicAccessBlock', bucket: bucket.name })
  }
  return xmlAnswer(ROOT, [
    ['BlockPublicAcls', String(block.blockPublicAcls)],
    ['IgnorePublicAcls', String(block.ignorePublicAcls)],
    ['BlockPublicPolicy', 'false'],
    ['RestrictPublicBuckets', 'false'],
  ])
}

export const putPublicAccessBlock: S3Operation<'admin'> = async (face, { permit, request }) => {
  await findBucket(face.core, permit)
  const asked = await requireXmlBody(face, request, { ...SMALL_DOCUMENT, root: ROOT })
  await changeSettings(face.core, permit, { publicAccessBlock: parseBlock(asked) })
  return emptyAnswer(200)
}

export const deletePublicAccessBlock: S3Operation<'admin'> = async ({ core }, { permit }) => {
  await changeSettings(core, permit, { publicAccessBlock: null })
  return emptyAnswer(204)
}

/** Throws `not-implemented` with the one that would not be kept to, and `xml-malformed`. */
function parseBlock(asked: XmlNode): PublicAccessBlock {
  const unknown = asked.children.find(({ name }) => !KNOWN.has(name))
  if (unknown !== undefined) {
    throw s3Refusal('xml-malformed', { reason: `${ROOT} has no ${unknown.name}` })
  }
  for (const feature of OF_POLICIES) {
    if (!isTrue(asked, feature)) continue
    const instead = 'no policy makes anything public without the right to publish'
    throw s3Refusal('not-implemented', { feature, instead })
  }
  return {
    blockPublicAcls: isTrue(asked, 'BlockPublicAcls'),
    ignorePublicAcls: isTrue(asked, 'IgnorePublicAcls'),
  }
}

function isTrue(asked: XmlNode, name: string): boolean {
  const text = childOf(asked, name)?.text.trim().toLowerCase() ?? 'false'
  if (text === 'true' || text === 'false') return text === 'true'
  throw s3Refusal('xml-malformed', { reason: `${name} must be true or false` })
}
