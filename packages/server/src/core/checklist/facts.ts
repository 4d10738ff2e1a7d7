/** What the checklist is answered from. */
import type { AccessKeyRecord, ApiKeyRecord, FolderRecord } from '../../catalog/records.ts'
import type { WatchSettingRecord } from '../../catalog/alert-steps.ts'
import type { WebhookRecord } from '../../catalog/webhook-steps.ts'
import type { BucketFinding } from '../../stores/bucket-look.ts'
import type { CoreContext } from '../context.ts'
import { resolveRecords } from '../policy/resolve-folder.ts'
import { MAX_LIST_ENTRIES } from '../limits.ts'
import { INSTANCE } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'
import type { EffectivePolicy } from '../policy/line-rules.ts'

/** What only the settings say. */
export interface InstanceSettings {
  /** CIDR ranges; `null`: none. */
  readonly trustedProxies: readonly string[] | null
  /** Scripts of every page there is may use links. */
  readonly takesEveryOrigin: boolean
  /** 0: signing keys are rotated by command alone. */
  readonly signingKeyDays: number
  readonly eventDays: number
  readonly auditDays: number
  /** 0: any number. */
  readonly addressRequestsPerSecond: number
  readonly keyRequestsPerSecond: number
}

export interface ChecklistFacts extends InstanceSettings {
  readonly nowMs: number
  readonly publicUrl: string
  readonly filesUrl: string
  /** What holds where no folder says anything. */
  readonly policy: EffectivePolicy
  /** Those with settings of their own, up to {@link MAX_FOLDERS}, without the instance. */
  readonly folders: readonly FolderRecord[]
  readonly apiKeys: readonly ApiKeyRecord[]
  /** Of clients. */
  readonly accessKeys: readonly AccessKeyRecord[]
  /** Those the server holds itself. */
  readonly signingKeys: readonly AccessKeyRecord[]
  readonly watchSettings: readonly WatchSettingRecord[]
  readonly webhooks: readonly WebhookRecord[]
  /** Open alerts were raised then; the newest {@link MAX_LIST_ENTRIES}. */
  readonly alertsRaisedAt: readonly number[]
  /** What was seen of the bucket in which the bytes of files lie; `null`: they lie on this machine. */
  readonly blobs: readonly BucketFinding[] | null
}

const MAX_FOLDERS = 10_000

export async function readFacts(
  core: CoreContext,
  _permit: Permit<'admin'>,
  settings: InstanceSettings,
): Promise<ChecklistFacts> {
  const { catalog, clock, keyRing, publicUrl, filesUrl } = core
  const instance = await catalog.folders.findMany([INSTANCE])
  const { snapshot } = await keyRing.refresh()
  const alerts = await catalog.alerts.list({
    isOpen: true,
    pathPrefix: '',
    before: null,
    limit: MAX_LIST_ENTRIES,
  })
  return {
    ...settings,
    nowMs: clock.now(),
    publicUrl,
    filesUrl,
    policy: resolveRecords(instance).policy,
    folders: await listFolders(core),
    apiKeys: snapshot.apiKeys,
    accessKeys: snapshot.accessKeys.filter(({ kind }) => kind === 'access'),
    signingKeys: snapshot.accessKeys.filter(({ kind }) => kind === 'signing'),
    watchSettings: await catalog.alerts.settings(),
    webhooks: await catalog.webhooks.list(),
    alertsRaisedAt: alerts.map(({ alert }) => alert.raisedAt),
    blobs: core.lookAtBlobs === null ? null : await core.lookAtBlobs(),
  }
}

async function listFolders({ catalog }: CoreContext): Promise<FolderRecord[]> {
  const records: FolderRecord[] = []
  while (records.length < MAX_FOLDERS) {
    const after = records.at(-1)?.path ?? INSTANCE
    const page = await catalog.folders.list('', after, MAX_LIST_ENTRIES)
    records.push(...page.filter(({ path }) => path !== INSTANCE))
    if (page.length < MAX_LIST_ENTRIES) break
  }
  return records
}
