/** `GET /v1/watch`. */
import { Type } from 'typebox'
import { listWatchSettings as list } from '../../../core/watch/alerts.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { WatchSettingSchema, viewWatchSetting } from './alert-view.ts'

export const listWatchSettings = defineOperation({
  id: 'listWatchSettings',
  method: 'GET',
  path: '/v1/watch',
  tag: 'Alerts',
  summary: 'List what is set about alerts',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ settings: Type.Array(WatchSettingSchema) }) },
  handle: async ({ core, permit }) => ({
    status: 200,
    body: { settings: (await list(core, permit)).map(viewWatchSetting) },
  }),
})
