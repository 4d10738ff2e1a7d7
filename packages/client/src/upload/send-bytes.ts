/** Sends one signed request with its bytes: by XMLHttpRequest, which tells how far it is, or by `fetch` where there is none. */
import type { SignedRequest } from '../generated/api.ts'
import { HallpassError } from '../hallpass-error.ts'
import { whyUnreachable } from '../send.ts'

export interface SendBytes {
  readonly request: SignedRequest
  readonly body: Blob
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number) => void
}

/** Rejects with the signal's reason, or with a {@link HallpassError} whose `status` is that of the answer. */
export async function sendBytes(sending: SendBytes): Promise<void> {
  const { request, signal } = sending
  signal.throwIfAborted()
  const { status, text } = await (typeof XMLHttpRequest === 'undefined'
    ? byFetch(sending)
    : byXhr(sending))
  if (status >= 200 && status < 300) return
  throw new HallpassError({
    code: 'upload-refused',
    message: /<Message>([^<]*)/.exec(text)?.[1] ?? `The files' host answered ${status}.`,
    title: /<Code>([^<]*)/.exec(text)?.[1] ?? null,
    remedy: /<Remedy>([^<]*)/.exec(text)?.[1] ?? null,
    field: request.partNumber === null ? null : `part ${request.partNumber}`,
    status,
  })
}

interface Answer {
  readonly status: number
  readonly text: string
}

function byXhr({ request, body, signal, onProgress }: SendBytes): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = (): void => xhr.abort()
    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    xhr.upload.addEventListener('progress', ({ loaded }) => {
      onProgress(Math.min(loaded, request.size))
    })
    xhr.addEventListener('load', () => resolve({ status: xhr.status, text: xhr.responseText }))
    xhr.addEventListener('error', () => {
      void whyUnreachable(request.url, fetch, null).then(reject)
    })
    xhr.addEventListener('abort', () => reject(signal.reason as Error))
    xhr.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    signal.addEventListener('abort', abort)
    xhr.send(bodyOf(request, body))
  })
}

async function byFetch({ request, body, signal }: SendBytes): Promise<Answer> {
  const { method, url, headers } = request
  try {
    const response = await fetch(url, { method, headers, body: bodyOf(request, body), signal })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    signal.throwIfAborted()
    throw await whyUnreachable(url, fetch, cause)
  }
}

function bodyOf({ method, fields = {} }: SignedRequest, body: Blob): Blob | FormData {
  // A type of its own would be sent in place of the one that was signed.
  if (method === 'PUT') return new Blob([body])
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', body)
  return form
}
