/** React hooks for uploads and signed URLs, and a dropzone that looks like nothing: the looks are yours. */
export { Dropzone } from './dropzone.ts'
export type { DropzoneOptions, DropzoneParts } from './dropzone.ts'
export { useSignedUrl } from './use-signed-url.ts'
export type { SignedUrl, SignedUrlOptions } from './use-signed-url.ts'
export { useUpload } from './use-upload.ts'
export type { UploadInHand, UseUploadOptions } from './use-upload.ts'
