/** Uploads with the major before of Uppy, whose plugin asks for other things than the one of today. */
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'

const KEPT = 'kept-upload'

export async function uploadWithUppy5(file, endpoint) {
  const uppy = new Uppy()
  uppy.use(AwsS3, {
    endpoint,
    shouldUseMultipart: true,
    getChunkSize: () => 5 * 1024 * 1024,
    limit: 1,
    retryDelays: [100, 200, 400, 800, 1600, 1600, 1600, 1600],
  })
  const { name, type } = file
  const id = uppy.addFile({ name, type, data: file })
  const kept = localStorage.getItem(KEPT)
  if (kept !== null) uppy.setFileState(id, { s3Multipart: JSON.parse(kept) })
  uppy.on('state-update', () => {
    const { s3Multipart } = uppy.getFile(id) ?? {}
    if (s3Multipart !== undefined) localStorage.setItem(KEPT, JSON.stringify(s3Multipart))
  })
  const { failed = [] } = (await uppy.upload()) ?? {}
  const [{ error = '' } = {}] = failed
  return { error: String(error), uploaded: error === '' ? file.size : 0 }
}
