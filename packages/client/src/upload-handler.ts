/** For the application's server: what answers `upload` of its web pages, `Request` → `Response`. */
export { createUploadHandler, route } from './handler/create-upload-handler.ts'
export type {
  Asked,
  Authorised,
  UploadHandlerOptions,
  UploadRoute,
  Uploaded,
} from './handler/create-upload-handler.ts'
