/** Every migration, oldest first. */
import { initial } from './001-initial.ts'
import { contents } from './002-contents.ts'
import { boundVersions } from './003-bound-versions.ts'
import type { Migration } from './migration.ts'

export const MIGRATIONS: readonly Migration[] = [initial, contents, boundVersions]
