/** For web pages: uploads that go on where they were, whatever happens to the network, the page or the server. */
export { HallpassError, isHallpassError } from './hallpass-error.ts'
export type { HallpassErrorCode } from './hallpass-error.ts'
export type { StoredFile } from './generated/api.ts'
export type { Progress } from './upload/progress.ts'
export type { UploadAnswer, UploadCall } from './upload/protocol.ts'
export type { UploadState } from './upload/course.ts'
export { upload } from './upload/upload.ts'
export type {
  FileUpload,
  UploadDone,
  UploadEndpoint,
  UploadEvents,
  UploadOptions,
} from './upload/upload.ts'
