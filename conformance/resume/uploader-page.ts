/** The script of a page that uploads with what others have written, unmodified: tus-js-client, and Uppy of two majors. */
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import Tus from '@uppy/tus'
import { Upload } from 'tus-js-client'
import { uploadWithUppy5 } from '../clients/uppy-5/uploader.mjs'

export interface Wish {
  readonly client: 'tus-js-client' | 'uppy-6-tus' | 'uppy-6-s3' | 'uppy-5-s3'
  readonly endpoint: string
  readonly parallel?: number
}

export interface Outcome {
  readonly error: string
  readonly uploaded: number
}

const PATIENT = [100, 200, 400, 800, 1600, 1600, 1600, 1600]
const MIB = 1024 * 1024

interface KeptUpload {
  readonly uploadId: string
  readonly key: string
}

function picked(): File {
  const file = document.querySelector('input')?.files?.[0]
  if (file === undefined) throw new Error('no file was picked')
  return file
}

async function withTus(file: File, { endpoint, parallel = 1 }: Wish): Promise<Outcome> {
  const settled = Promise.withResolvers<Outcome>()
  const upload = new Upload(file, {
    endpoint,
    retryDelays: PATIENT,
    parallelUploads: parallel,
    metadata: { filename: file.name, filetype: file.type },
    onError: (error) => settled.resolve({ error: String(error), uploaded: 0 }),
    onSuccess: () => settled.resolve({ error: '', uploaded: file.size }),
  })
  const [previous] = await upload.findPreviousUploads()
  if (previous !== undefined) upload.resumeFromPreviousUpload(previous)
  upload.start()
  return settled.promise
}

/** What an application keeps of an upload in parts, so that a page that is loaded again goes on with it. */
const KEPT = 'kept-upload'

async function withUppy(file: File, { client, endpoint }: Wish): Promise<Outcome> {
  const uppy = new Uppy()
  uppy.use(Dashboard, { inline: true, target: document.body })
  if (client === 'uppy-6-tus') uppy.use(Tus, { endpoint, retryDelays: PATIENT })
  else {
    uppy.use(AwsS3, {
      companionEndpoint: endpoint,
      shouldUseMultipart: true,
      getChunkSize: () => 5 * MIB,
    })
  }
  const { name, type } = file
  const id = uppy.addFile({ name, type, data: file, source: 'Dashboard' })
  const kept = localStorage.getItem(KEPT)
  if (kept !== null) uppy.setFileState(id, { s3Multipart: JSON.parse(kept) as KeptUpload })
  uppy.on('state-update', () => {
    const { s3Multipart } = (uppy.getFile(id) ?? {}) as { readonly s3Multipart?: object }
    if (s3Multipart !== undefined) localStorage.setItem(KEPT, JSON.stringify(s3Multipart))
  })
  const { failed = [] } = (await uppy.upload()) ?? {}
  const [{ error = '' } = {}] = failed
  return { error: String(error), uploaded: error === '' ? file.size : 0 }
}

export async function upload(wish: Wish): Promise<Outcome> {
  const file = picked()
  if (wish.client === 'tus-js-client') return withTus(file, wish)
  if (wish.client === 'uppy-5-s3') return uploadWithUppy5(file, wish.endpoint)
  return withUppy(file, wish)
}
