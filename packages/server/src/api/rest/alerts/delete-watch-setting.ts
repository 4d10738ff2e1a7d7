/** `DELETE /v1/watch?folder=`. */
import { Type } from 'typebox'
import { removeWatchSetting } from '../../../core/watch/alerts.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { readWatchFolder } from './alert-view.ts'

export const deleteWatchSetting = defineOperation({
  id: 'deleteWatchSetting',
  method: 'DELETE',
  path: '/v1/watch',
  tag: 'Alerts',
  summary: 'Take back what is set for a folder',
  access: 'admin',
  bodyKind: 'none',
  query: strictObject({
    folder: Type.String({ maxLength: 4096, description: 'A folder; empty for everything.' }),
  }),
  answers: { 204: null },
  handle: async ({ core, permit, query }) => {
    await removeWatchSetting(core, permit, readWatchFolder(query.folder))
    return { status: 204 }
  },
})
