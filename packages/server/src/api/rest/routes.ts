/** The REST API on one screen. Method, path, access, schemas and handler of each stand in the operation's own file. */
import { closeAlert } from './alerts/close-alert.ts'
import { deleteWatchSetting } from './alerts/delete-watch-setting.ts'
import { getAlert } from './alerts/get-alert.ts'
import { listAlerts } from './alerts/list-alerts.ts'
import { decideHeld } from './quarantine/decide-held.ts'
import { getHeld } from './quarantine/get-held.ts'
import { getHeldContent } from './quarantine/get-held-content.ts'
import { listHeld } from './quarantine/list-held.ts'
import { listWatchSettings } from './alerts/list-watch-settings.ts'
import { putWatchSetting } from './alerts/put-watch-setting.ts'
import { pauseLink } from './links/pause-link.ts'
import { resumeLink } from './links/resume-link.ts'
import { deleteBucket } from './buckets/delete-bucket.ts'
import { getBucket } from './buckets/get-bucket.ts'
import { listBuckets } from './buckets/list-buckets.ts'
import { putBucket } from './buckets/put-bucket.ts'
import { updateBucket } from './buckets/update-bucket.ts'
import { getDocs } from './docs/get-docs.ts'
import { getErrorDocs } from './docs/get-error-docs.ts'
import { getOpenApi } from './docs/get-open-api.ts'
import { deleteFileVersion } from './files/delete-file-version.ts'
import { exportEvents } from './events/export-events.ts'
import { listEvents } from './events/list-events.ts'
import { streamEvents } from './events/stream-events.ts'
import { explainRequest } from './explain/explain-request.ts'
import { copyFile } from './files/copy-file.ts'
import { deleteFile } from './files/delete-file.ts'
import { getFileContent } from './files/get-file-content.ts'
import { getFile } from './files/get-file.ts'
import { listFileVersions } from './files/list-file-versions.ts'
import { listFiles } from './files/list-files.ts'
import { putFile } from './files/put-file.ts'
import { restoreFile } from './files/restore-file.ts'
import { updateFile } from './files/update-file.ts'
import { uploadFile } from './files/upload-file.ts'
import { deleteFolder } from './folders/delete-folder.ts'
import { getFolder } from './folders/get-folder.ts'
import { listFolders } from './folders/list-folders.ts'
import { putFolder } from './folders/put-folder.ts'
import { createAccessKey } from './keys/create-access-key.ts'
import { createTemporaryKey } from './keys/create-temporary-key.ts'
import { createApiKey } from './keys/create-api-key.ts'
import { getMasterKey } from './keys/get-master-key.ts'
import { rotateMasterKey } from './keys/rotate-master-key.ts'
import { endSigningKey } from './keys/end-signing-key.ts'
import { getMe } from './keys/get-me.ts'
import { listAccessKeyDescendants } from './keys/list-access-key-descendants.ts'
import { listAccessKeys } from './keys/list-access-keys.ts'
import { listApiKeyDescendants } from './keys/list-api-key-descendants.ts'
import { listApiKeys } from './keys/list-api-keys.ts'
import { listSigningKeys } from './keys/list-signing-keys.ts'
import { updateAccessKey } from './keys/update-access-key.ts'
import { updateApiKey } from './keys/update-api-key.ts'
import { revokeAccessKey } from './keys/revoke-access-key.ts'
import { revokeApiKey } from './keys/revoke-api-key.ts'
import { rotateSigningKey } from './keys/rotate-signing-key.ts'
import { createLink } from './links/create-link.ts'
import { createCookies } from './links/create-cookies.ts'
import { createLinks } from './links/create-links.ts'
import { getLink } from './links/get-link.ts'
import { listLinks } from './links/list-links.ts'
import { narrowLink } from './links/narrow-link.ts'
import { revokeLink } from './links/revoke-link.ts'
import type { Operation } from './operation.ts'
import { getFolderPolicy } from './policies/get-folder-policy.ts'
import { getInstancePolicy } from './policies/get-instance-policy.ts'
import { listFolderPolicyChanges } from './policies/list-folder-policy-changes.ts'
import { listInstancePolicyChanges } from './policies/list-instance-policy-changes.ts'
import { listPresets } from './policies/list-presets.ts'
import { previewFolderPolicy } from './policies/preview-folder-policy.ts'
import { previewInstancePolicy } from './policies/preview-instance-policy.ts'
import { putFolderPolicy } from './policies/put-folder-policy.ts'
import { putInstancePolicy } from './policies/put-instance-policy.ts'
import { createRevocation } from './revocations/create-revocation.ts'
import { deleteRevocation } from './revocations/delete-revocation.ts'
import { listRevocations } from './revocations/list-revocations.ts'
import { getChecklist } from './service/get-checklist.ts'
import { changeShare } from './shares/change-share.ts'
import { createShare } from './shares/create-share.ts'
import { getShare } from './shares/get-share.ts'
import { listShares } from './shares/list-shares.ts'
import { revokeShare } from './shares/revoke-share.ts'
import { getConnection } from './service/get-connection.ts'
import { getHealth } from './service/get-health.ts'
import { getMetrics } from './service/get-metrics.ts'
import { getStats } from './service/get-stats.ts'
import { getReadiness } from './service/get-readiness.ts'
import { beginSession } from './sessions/begin-session.ts'
import { endSession } from './sessions/end-session.ts'
import { getWaysIn } from './sessions/get-ways-in.ts'
import { abortUpload } from './uploads/abort-upload.ts'
import { completeUpload } from './uploads/complete-upload.ts'
import { createUpload } from './uploads/create-upload.ts'
import { getUpload } from './uploads/get-upload.ts'
import { signUpload } from './uploads/sign-upload.ts'
import { createWebhook } from './webhooks/create-webhook.ts'
import { deleteWebhook } from './webhooks/delete-webhook.ts'
import { getWebhook } from './webhooks/get-webhook.ts'
import { listDeliveries } from './webhooks/list-deliveries.ts'
import { listWebhooks } from './webhooks/list-webhooks.ts'
import { resendDelivery } from './webhooks/resend-delivery.ts'
import { rotateWebhookSecret } from './webhooks/rotate-webhook-secret.ts'
import { updateWebhook } from './webhooks/update-webhook.ts'

export const ROUTES: readonly Operation[] = [
  uploadFile, //                POST   /v1/files
  putFile, //                   PUT    /v1/files?path=
  listFiles, //                 GET    /v1/files?folder= or ?path=
  getFile, //                   GET    /v1/files/{id}
  getFileContent, //            GET    /v1/files/{id}/content
  listFileVersions, //          GET    /v1/files/{id}/versions
  deleteFileVersion, //         DELETE /v1/files/{id}/versions/{version}
  restoreFile, //               POST   /v1/files/{id}/restore
  copyFile, //                  POST   /v1/files/{id}/copy
  updateFile, //                PATCH  /v1/files/{id}
  deleteFile, //                DELETE /v1/files/{id}

  createUpload, //              POST   /v1/uploads
  getUpload, //                 GET    /v1/uploads/{id}
  signUpload, //                POST   /v1/uploads/{id}/sign
  completeUpload, //            POST   /v1/uploads/{id}/complete
  abortUpload, //               DELETE /v1/uploads/{id}

  listBuckets, //               GET    /v1/buckets
  putBucket, //                 PUT    /v1/buckets/{name}
  updateBucket, //              PATCH  /v1/buckets/{name}
  getBucket, //                 GET    /v1/buckets/{name}
  deleteBucket, //              DELETE /v1/buckets/{name}

  putFolder, //                 PUT    /v1/folders/{path}
  getFolder, //                 GET    /v1/folders/{path}
  deleteFolder, //              DELETE /v1/folders/{path}
  listFolders, //               GET    /v1/folders

  putFolderPolicy, //           PUT    /v1/folders/{path}/policy
  getFolderPolicy, //           GET    /v1/folders/{path}/policy
  listFolderPolicyChanges, //   GET    /v1/folders/{path}/policy/changes
  previewFolderPolicy, //       POST   /v1/folders/{path}/policy/preview
  putInstancePolicy, //         PUT    /v1/policy
  getInstancePolicy, //         GET    /v1/policy
  listInstancePolicyChanges, // GET    /v1/policy/changes
  previewInstancePolicy, //     POST   /v1/policy/preview
  listPresets, //               GET    /v1/policy/presets

  createLink, //                POST   /v1/links
  createLinks, //               POST   /v1/links/batch
  listLinks, //                 GET    /v1/links
  getLink, //                   GET    /v1/links/{id}
  narrowLink, //                PATCH /v1/links/{id}
  revokeLink, //                DELETE /v1/links/{id}
  pauseLink, //                 POST   /v1/links/{id}/pause
  resumeLink, //                POST   /v1/links/{id}/resume
  createCookies, //             POST   /v1/cookies
  explainRequest, //            POST   /v1/explain

  createShare, //               POST   /v1/shares
  listShares, //                GET    /v1/shares
  getShare, //                  GET    /v1/shares/{id}
  changeShare, //               PATCH  /v1/shares/{id}
  revokeShare, //               DELETE /v1/shares/{id}

  createRevocation, //          POST   /v1/revocations
  listRevocations, //           GET    /v1/revocations
  deleteRevocation, //          DELETE /v1/revocations/{id}

  listEvents, //                GET    /v1/events
  streamEvents, //              GET    /v1/events/stream
  exportEvents, //              GET    /v1/events/export

  createWebhook, //             POST   /v1/webhooks
  listWebhooks, //              GET    /v1/webhooks
  getWebhook, //                GET    /v1/webhooks/{id}
  updateWebhook, //             PATCH  /v1/webhooks/{id}
  deleteWebhook, //             DELETE /v1/webhooks/{id}
  rotateWebhookSecret, //       POST   /v1/webhooks/{id}/rotate-secret
  listDeliveries, //            GET    /v1/webhooks/{id}/deliveries
  resendDelivery, //            POST   /v1/webhooks/{id}/deliveries/{delivery}/resend

  listHeld, //                  GET    /v1/quarantine
  getHeld, //                   GET    /v1/quarantine/{id}
  getHeldContent, //            GET    /v1/quarantine/{id}/content
  decideHeld, //                POST   /v1/quarantine/{id}/verdict

  listAlerts, //                GET    /v1/alerts
  getAlert, //                  GET    /v1/alerts/{id}
  closeAlert, //                POST   /v1/alerts/{id}/close
  listWatchSettings, //         GET    /v1/watch
  putWatchSetting, //           PUT    /v1/watch
  deleteWatchSetting, //        DELETE /v1/watch?folder=

  beginSession, //              POST   /v1/session
  endSession, //                DELETE /v1/session
  getWaysIn, //                 GET    /v1/session/ways

  getMe, //                     GET    /v1/me
  createApiKey, //              POST   /v1/api-keys
  listApiKeys, //               GET    /v1/api-keys
  listApiKeyDescendants, //     GET    /v1/api-keys/{id}/descendants
  updateApiKey, //              PATCH  /v1/api-keys/{id}
  revokeApiKey, //              DELETE /v1/api-keys/{id}
  createAccessKey, //           POST   /v1/access-keys
  createTemporaryKey, //        POST   /v1/access-keys/temporary
  listAccessKeys, //            GET    /v1/access-keys
  listAccessKeyDescendants, //  GET    /v1/access-keys/{id}/descendants
  updateAccessKey, //           PATCH  /v1/access-keys/{id}
  revokeAccessKey, //           DELETE /v1/access-keys/{id}
  listSigningKeys, //           GET    /v1/signing-keys
  rotateSigningKey, //          POST   /v1/signing-keys/rotate
  endSigningKey, //             DELETE /v1/signing-keys/{id}
  getMasterKey, //              GET    /v1/master-key
  rotateMasterKey, //           POST   /v1/master-key/rotate

  getChecklist, //              GET    /v1/checklist
  getConnection, //             GET    /v1/connection
  getStats, //                  GET    /v1/stats
  getHealth, //                 GET    /-/healthz
  getReadiness, //              GET    /-/readyz
  getMetrics, //                GET    /-/metrics
  getOpenApi, //                GET    /v1/openapi.json
  getDocs, //                   GET    /-/docs
  getErrorDocs, //              GET    /-/docs/errors/{code}
]
