/** `PUT /v1/watch`: from where on something looks wrong below a folder. */
import { putWatchSetting as put } from '../../../core/watch/alerts.ts'
import { defineOperation } from '../operation.ts'
import { WatchSettingBody, WatchSettingSchema, readWatchSetting } from './alert-view.ts'

export const putWatchSetting = defineOperation({
  id: 'putWatchSetting',
  method: 'PUT',
  path: '/v1/watch',
  tag: 'Alerts',
  summary: 'Set the thresholds of a folder, and what pauses its links',
  description:
    'Replaces what was set for the folder. Thresholds that are left out are those of the folder above, or the defaults; `pause` is that of the nearest folder that has settings.',
  access: 'admin',
  bodyKind: 'json',
  body: WatchSettingBody,
  answers: { 200: WatchSettingSchema },
  handle: async ({ core, permit, body }) => {
    const { path, thresholds, pause } = readWatchSetting(body)
    await put(core, permit, { path, thresholds, pause })
    return { status: 200, body: { folder: path, thresholds, pause } }
  },
})
