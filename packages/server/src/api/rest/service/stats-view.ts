/** Figures as clients see them. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Stats } from '../../../core/stats/read-stats.ts'
import { EventKindSchema } from '../events/event-view.ts'
import { Time, formatTime, named, strictObject } from '../schemas.ts'

const IsPartial = Type.Boolean({
  description: 'There is more: so many were looked at, and no more.',
})
const Count = Type.Integer({ minimum: 0 })

const CountSchema = named('StatsCount', strictObject({ count: Count, isPartial: IsPartial }))
const BytesSchema = named(
  'StatsBytes',
  strictObject({ count: Count, bytes: Count, isPartial: IsPartial }),
)
const StatesSchema = named(
  'StatsStates',
  strictObject({
    active: Type.Integer({ minimum: 0, description: 'Without those that stand still.' }),
    paused: Count,
    isPartial: Type.Boolean({
      description: 'There are more active or paused ones: so many were looked at, and no more.',
    }),
    ended: Type.Integer({
      minimum: 0,
      description: 'Of the newest: run out, used up or revoked.',
    }),
    isEndedPartial: Type.Boolean({
      description: 'There are older ones, of which some may have ended.',
    }),
  }),
)

export const StatsSchema = named(
  'Stats',
  strictObject({
    at: Time,
    bucket: Type.Union([Type.String(), Type.Null()], {
      description: 'The one that was asked for; null for all that the key reaches.',
    }),
    buckets: CountSchema,
    mounted: Type.Integer({
      minimum: 0,
      description:
        'Mounted buckets, whose files and uploads are not counted: their stores have them.',
    }),
    files: BytesSchema,
    versions: BytesSchema,
    uploads: CountSchema,
    links: StatesSchema,
    shares: StatesSchema,
    held: CountSchema,
    alerts: CountSchema,
    events: strictObject(
      {
        since: Time,
        kinds: Type.Array(strictObject({ kind: EventKindSchema, count: Count })),
        codes: Type.Array(strictObject({ code: Type.String(), count: Count }), {
          description: 'Why requests were refused or broke off.',
        }),
        isPartial: IsPartial,
      },
      'What happened in the last 24 hours, the most frequent first.',
    ),
    server: Type.Union(
      [
        strictObject({
          version: Type.String(),
          catalog: Type.Union([Type.Literal('sqlite'), Type.Literal('postgresql')]),
          blobs: Type.Union([
            Type.Literal('disk'),
            Type.Literal('s3'),
            Type.Literal('gs'),
            Type.Literal('azure'),
          ]),
          oldestSigningKeyAt: Type.Union([Time, Type.Null()], {
            description: 'When the oldest signing key was made whose links still work.',
          }),
        }),
        Type.Null(),
      ],
      { description: 'For administrators of the whole instance.' },
    ),
  }),
)

type StatsView = Static<typeof StatsSchema>

export function viewStats(
  { events, ...stats }: Stats,
  about: Pick<StatsView, 'at' | 'bucket' | 'server'>,
): StatsView {
  const { kinds, codes } = events
  return {
    ...about,
    ...stats,
    events: {
      ...events,
      since: formatTime(events.since),
      kinds: [...kinds],
      codes: [...codes],
    },
  }
}
