/** Bytes in and out. */
import { invalidArgument, requireNothingElse } from './arguments.ts'
import type { FilePage, FileQuery, StoredFile } from './generated/api.ts'
import { HallpassError } from './hallpass-error.ts'
import { readAnswer } from './read-answer.ts'
import { requestOf } from './request-of.ts'
import type { CallOptions, Send } from './send.ts'

export interface PutFileInput {
  /** `bucket/folder/file.txt`. */
  readonly path: string
  /** A stream is sent once and never again; Node, Bun and Deno send streams, browsers do not. */
  readonly body: Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>
  /** What the name says, unless this or the type of a `Blob` does. */
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** False: a file that is there is not replaced. */
  readonly overwrite?: boolean | undefined
  /** The file that is there must have this ETag. */
  readonly ifMatch?: string | undefined
  /** Any of the other headers that `PUT /v1/files` takes: `cache-control`, `x-amz-checksum-sha256`, … */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface FileCalls {
  /** One page of what lies in a folder; with `recursive` also in those below it. */
  readonly list: (input: Omit<FileQuery, 'path'>, options?: CallOptions) => Promise<FilePage>
  /** The file at a path. Rejects with `file-not-found`. */
  readonly find: (input: { readonly path: string }, options?: CallOptions) => Promise<StoredFile>
  /** Stores a file. From a browser `upload` is the better way: no key has to be there. */
  readonly put: (input: PutFileInput, options?: CallOptions) => Promise<StoredFile>
  /** The bytes, as the answer of `fetch`: of a private file by its signed URL. `range` is as in HTTP: `bytes=0-99`. */
  readonly getContent: (
    input: { readonly id: string; readonly range?: string | undefined },
    options?: CallOptions,
  ) => Promise<Response>
}

export interface FileCallNeeds {
  readonly send: Send
  /** Without a key, to whatever a signed URL leads to. */
  readonly open: Send
  readonly getFile: (input: { readonly id: string }, options?: CallOptions) => Promise<StoredFile>
}

export function createFileCalls({ send, open, getFile }: FileCallNeeds): FileCalls {
  const look = async <Answer>(query: FileQuery, options?: CallOptions): Promise<Answer> => {
    const request = requestOf('GET /v1/files?folder,path,startsWith,recursive,limit,cursor', {
      ...query,
    })
    return (await readAnswer(await send(request, options))) as Answer
  }
  return {
    list: (input, options) => look(input, options),
    find: async ({ path, ...rest }, options) => {
      requireNothingElse(rest)
      return look({ path }, options)
    },
    put: async (input, options) => {
      const { path, body, contentType, metadata, overwrite, ifMatch, headers, ...rest } = input
      requireNothingElse(rest)
      if (!isBody(body))
        throw invalidArgument('body', 'it must be a text, bytes, a Blob or a stream')
      const type = contentType ?? (body instanceof Blob && body.type !== '' ? body.type : undefined)
      const response = await send(
        {
          method: 'PUT',
          path: `/v1/files?${new URLSearchParams({ path })}`,
          headers: {
            ...headers,
            ...(type !== undefined && { 'content-type': type }),
            ...metadataHeaders(metadata ?? {}),
            ...(overwrite === false && { 'if-none-match': '*' }),
            ...(ifMatch !== undefined && { 'if-match': quoted(ifMatch) }),
          },
          // Of a text fetch would say by itself that it is plain.
          body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
        },
        { timeout: Infinity, ...options },
      )
      return (await readAnswer(response)) as StoredFile
    },
    getContent: async ({ id, range, ...rest }, options) => {
      requireNothingElse(rest)
      const { signedUrl, url = signedUrl } = await getFile({ id }, options)
      if (url === undefined) {
        throw new HallpassError({
          code: 'policy-refused',
          message: 'The policy of the folder wants more of a link than one that comes by itself.',
          remedy: 'Ask for one with links.create.',
        })
      }
      const headers = range === undefined ? {} : { range }
      return open({ method: 'GET', path: url, headers }, options)
    },
  }
}

/** Bytes in whatever frame, as `fetch` takes them; what is missing would be stored as an empty file. */
function isBody(body: unknown): boolean {
  const isBytes = body instanceof ArrayBuffer || ArrayBuffer.isView(body)
  return (
    typeof body === 'string' || isBytes || body instanceof Blob || body instanceof ReadableStream
  )
}

function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(metadata)
  return Object.fromEntries(pairs.map(([name, value]) => [`x-amz-meta-${name}`, value]))
}

function quoted(etag: string): string {
  return etag === '*' || etag.startsWith('"') ? etag : `"${etag}"`
}
