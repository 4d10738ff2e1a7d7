/** The script of a web page with Uppy and its S3 plugin, bundled for the browser. The test provides what signs. */
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'

const PART_BYTES = 5 * 1024 * 1024

/** What the application does when the first part is there. */
const AFTER_FIRST_PART = {
  pause: (uppy) => {
    uppy.pauseAll()
    uppy.resumeAll()
  },
  cancel: (uppy) => uppy.cancelAll(),
}

/** Uploads one file; resolves to what the page sees of it. */
globalThis.uploadWithUppy = async ({ name, bytes, inParts, signing, afterFirstPart }) => {
  const uppy = new Uppy()
  uppy.use(AwsS3, {
    ...(signing.endpoint === undefined
      ? { signRequest: (request) => globalThis.signRequest(request) }
      : {
          s3Endpoint: signing.endpoint,
          region: signing.region,
          getCredentials: () => globalThis.getCredentials(),
        }),
    shouldUseMultipart: inParts,
    getChunkSize: () => PART_BYTES,
    generateObjectKey: (file) => `uppy/${file.name}`,
  })
  const seen = { uploaded: 0, parts: [] }
  uppy.on('upload-progress', (_file, { bytesUploaded }) => {
    seen.uploaded = bytesUploaded
  })
  uppy.on('s3-multipart:part-uploaded', (_file, { PartNumber }) => {
    seen.parts.push(PartNumber)
    if (PartNumber === 1) AFTER_FIRST_PART[afterFirstPart]?.(uppy)
  })
  const data = new Blob([Uint8Array.from({ length: bytes }, (_, index) => index % 251)])
  uppy.addFile({ name, type: 'application/x-test', data })
  const { successful = [], failed = [] } = (await uppy.upload()) ?? {}
  return {
    ...seen,
    keys: successful.map(({ response }) => response?.body?.key),
    errors: failed.map(({ error }) => String(error)),
  }
}
