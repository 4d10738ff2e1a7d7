/** Every migration, oldest first. */
import { initial } from './001-initial.ts'
import { contents } from './002-contents.ts'
import { textAndForms } from './003-text-and-forms.ts'
import { openUploads } from './004-open-uploads.ts'
import { boundVersions } from './005-bound-versions.ts'
import { keyUses } from './006-key-uses.ts'
import { policies } from './007-policies.ts'
import { linkTerms } from './008-link-terms.ts'
import { eventTrail } from './009-events.ts'
import { readings } from './010-readings.ts'
import { webhookTables } from './011-webhooks.ts'
import { partChecksums } from './012-part-checksums.ts'
import { folderUsage } from './013-folder-usage.ts'
import { alertTables } from './014-alerts.ts'
import { rightToPublish } from './015-right-to-publish.ts'
import { processTables } from './016-processes.ts'
import { heldFileTables } from './017-held-files.ts'
import { shares } from './018-shares.ts'
import { installationTable } from './019-installation.ts'
import { mountTables } from './020-mounts.ts'
import { damagedBlobs } from './021-damaged-blobs.ts'
import { resumableUploads } from './022-resumable-uploads.ts'
import { sessionTable } from './023-sessions.ts'
import { keyUsage } from './024-key-usage.ts'
import { grantTallyTable } from './025-grant-tallies.ts'
import { sessionsOfAKey } from './028-sessions-of-a-key.ts'
import { guessTable } from './030-guesses.ts'
import { apiKeyUses } from './031-api-key-uses.ts'
import type { Migration } from './migration.ts'

export const MIGRATIONS: readonly Migration[] = [
  initial,
  contents,
  textAndForms,
  openUploads,
  boundVersions,
  keyUses,
  policies,
  linkTerms,
  eventTrail,
  readings,
  webhookTables,
  partChecksums,
  folderUsage,
  alertTables,
  rightToPublish,
  processTables,
  heldFileTables,
  shares,
  installationTable,
  mountTables,
  damagedBlobs,
  resumableUploads,
  sessionTable,
  keyUsage,
  grantTallyTable,
  sessionsOfAKey,
  guessTable,
  apiKeyUses,
]
