/** `GET /v1/stats`: figures of what a key administrates. */
import { Type } from 'typebox'
import { bucketNotFound } from '../../../core/buckets/buckets.ts'
import type { CoreContext } from '../../../core/context.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorizeReach, authorizeReachWithin } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { readStats } from '../../../core/stats/read-stats.ts'
import type { CallContext } from '../context.ts'
import { defineOperation } from '../operation.ts'
import { formatTime, formatTimeOrNull, strictObject } from '../schemas.ts'
import { StatsSchema, viewStats } from './stats-view.ts'

export const getStats = defineOperation({
  id: 'getStats',
  method: 'GET',
  path: '/v1/stats',
  tag: 'Service',
  summary: 'Count what is there, and what happened in a day',
  description:
    'Needs the action `admin`; a key with a path prefix is told what lies below it. Each figure is read up to a bound and says so by `isPartial`: 5,000 versions of files, 1,000 of the others, 5,000 events, files of 100 buckets.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    bucket: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  }),
  answers: { 200: StatsSchema },
  handle: async ({ core, context, principal, query }) => {
    const bucket = query.bucket === undefined ? null : parseBucketName(query.bucket)
    const permit =
      bucket === null
        ? await authorizeReach(core, principal, 'admin')
        : await authorizeReachWithin(core, principal, 'admin', bucket)
    const stats = await readStats(core, permit)
    const isThere = stats.buckets.count + stats.mounted > 0
    if (bucket !== null && !isThere) throw bucketNotFound(bucket)
    const at = formatTime(core.clock.now())
    const server = await describeServer(core, context, permit)
    return { status: 200, body: viewStats(stats, { at, bucket, server }) }
  },
})

/** `null` for whoever administrates a part of it. */
async function describeServer(
  { keyRing }: CoreContext,
  { version, storage }: CallContext,
  { caller }: Permit<'admin'>,
): Promise<Parameters<typeof viewStats>[1]['server']> {
  if (caller.scope.pathPrefix !== '') return null
  const { accessKeys } = (await keyRing.current()).snapshot
  const signing = accessKeys.filter(
    ({ kind, state, revokedAt }) => kind === 'signing' && state !== 'retired' && revokedAt === null,
  )
  const oldest = signing.toSorted((a, b) => a.createdAt - b.createdAt)[0]
  return {
    version,
    ...storage,
    oldestSigningKeyAt: formatTimeOrNull(oldest?.createdAt ?? null),
  }
}
