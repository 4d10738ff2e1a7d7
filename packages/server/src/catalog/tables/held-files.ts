/** Files that came and that nobody sees yet: they wait until they were looked at, and what became of those that were refused. */
import {
  flag,
  integer,
  integerOrNull,
  json,
  jsonOrEmpty,
  jsonOrNull,
  oneOf,
  shape,
  table,
  text,
  textOrNull,
} from '../table.ts'
import type { Actor } from '../event-steps.ts'
import type { FilePath } from '../file-steps.ts'
import { CONTENT_KINDS } from './contents.ts'
import { version } from './files.ts'

export const HELD_STATES = ['waiting', 'rejected'] as const

/** What must still be so when the file becomes one; nothing for a write without conditions. */
export interface HeldConditions {
  /** The content that was under the name; `''` for none. */
  readonly contentId?: string
  readonly fileId?: string
  /** What is there may be replaced if the link of the upload stored it. */
  readonly isOwn?: boolean
}

/** Of a file that is to go from another name to this one. */
export interface HeldMove {
  readonly from: FilePath
  readonly overwrite: boolean
  readonly newMarkerId: string
}

export const heldFiles = table('held_files', {
  heldId: text('held_id'),
  ...version,
  contentKind: oneOf('content_kind', CONTENT_KINDS),
  state: oneOf('state', HELD_STATES),
  /** The key that may see it meanwhile. */
  holder: text('holder'),
  actor: json('actor', shape<Actor>()),
  conditions: jsonOrEmpty('conditions', shape<HeldConditions>()),
  move: jsonOrNull('move', shape<HeldMove>()),
  /** Nothing was under the name. */
  isNew: flag('is_new'),
  /** Who has looked at it and found nothing. */
  passed: json('passed', shape<readonly string[]>()),
  /** In vain, since somebody looked at it last. */
  attempts: integer('attempts'),
  /** When it is looked at next; whoever takes it moves that on. */
  nextAt: integer('next_at'),
  /** When it was refused, under which code of docs/errors.md, and why. */
  endedAt: integerOrNull('ended_at'),
  code: textOrNull('code'),
  reason: textOrNull('reason'),
})
