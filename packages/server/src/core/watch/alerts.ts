/** Alerts: what looked wrong, until somebody says that they have seen it. */
import type { AlertRecord, PlacedAlert, WatchSettingRecord } from '../../catalog/alert-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { pathOf } from '../folders/folders.ts'
import { callerId } from '../identity.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import type { WatchSetting } from './thresholds.ts'

export interface AlertWish {
  readonly isOpen: boolean
  readonly before: number | null
  readonly limit: number
}

/** Of what lies below the permit's place, newest first. Only who administrates everything sees those without a place. */
export function listAlerts(
  core: CoreContext,
  permit: Permit<'admin'>,
  wish: AlertWish,
): Promise<readonly PlacedAlert[]> {
  return core.catalog.alerts.list({ ...wish, pathPrefix: pathOf(permit.path) })
}

/** Throws `alert-not-found`, for one of another place, too. */
export async function findAlert(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<AlertRecord> {
  const alert = await core.catalog.alerts.find(id)
  if (alert === null || !alert.path.startsWith(pathOf(permit.path))) {
    throw refusal('alert-not-found', { id })
  }
  return alert
}

/** What is found later about the same subject is an alert of its own. Throws `alert-not-found`. */
export async function closeAlert(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<AlertRecord> {
  await findAlert(core, permit, id)
  const end = { nowMs: core.clock.now(), by: callerId(permit.caller) }
  const alert = await changeInEpoch(core, permit, (rights) =>
    core.catalog.alerts.close(id, end, rights),
  )
  return foundOr(alert, id)
}

function foundOr(alert: AlertRecord | null, id: string): AlertRecord {
  if (alert === null) throw refusal('alert-not-found', { id })
  return alert
}

export function listWatchSettings(
  core: CoreContext,
  _permit: Permit<'admin'>,
): Promise<readonly WatchSettingRecord[]> {
  return core.catalog.alerts.settings()
}

/** Replaces what was set for the folder. Holds for what happens from now on, within a second. */
export async function putWatchSetting(
  core: CoreContext,
  permit: Permit<'admin'>,
  { path, thresholds, pause }: WatchSetting,
): Promise<void> {
  const setting = { path, thresholds: { ...thresholds }, pause }
  await changeInEpoch(core, permit, (rights) => core.catalog.alerts.putSetting(setting, rights))
}

/** Throws `watch-setting-not-found`. */
export async function removeWatchSetting(
  core: CoreContext,
  permit: Permit<'admin'>,
  path: string,
): Promise<void> {
  const isRemoved = await changeInEpoch(core, permit, (rights) =>
    core.catalog.alerts.removeSetting(path, rights),
  )
  if (!isRemoved) throw refusal('watch-setting-not-found', { path })
}
