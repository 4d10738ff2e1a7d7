/**
 * The application's side of uploads: it says who may upload what to where, and is told what came. The bytes go past it, straight to where
 * files are kept.
 */
import type { Hallpass } from '../create-hallpass.ts'
import type { StoredFile, Upload } from '../generated/api.ts'
import { HallpassError } from '../hallpass-error.ts'
import type { FileFacts, UploadAnswer, UploadCall } from '../upload/protocol.ts'
import { answer, refuse } from './answer.ts'
import { readCall } from './read-call.ts'
import { readText } from './read-text.ts'
import { verifyWebhook } from './verify-webhook.ts'

export interface Asked {
  /** `begin` decides where it goes; the others ask whether whoever comes may still go on. */
  readonly action: UploadCall['action']
  /** What is to be uploaded; `null` after the beginning. */
  readonly file: FileFacts | null
  /** What the page said. */
  readonly input: unknown
}

export interface Authorised {
  /** Where the file goes, its bucket in front. Only that of `begin` counts. */
  readonly path: string
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface Uploaded<Answer> {
  readonly file: StoredFile
  readonly uploadId: string
  /** The request that completed it, and what `authorise` said of it; `null` where a webhook told of it. */
  readonly request: Request | null
  readonly authorised: Answer | null
}

export interface UploadRoute<Answer extends Authorised = Authorised, Data = unknown> {
  /** Media types, `image/*` for a family; any unless said otherwise. */
  readonly types?: readonly string[] | undefined
  /** Of the file; as many as the server takes unless said otherwise. */
  readonly maxBytes?: number | undefined
  readonly minBytes?: number | undefined
  /** True: a file at the path is replaced. */
  readonly overwrite?: boolean | undefined
  readonly methods?: readonly Upload['method'][] | undefined
  /** Seconds in which it must be complete; a day in parts and an hour in one piece unless said otherwise. */
  readonly expiresIn?: number | undefined
  /** Who may: `null` for no, or where the file goes. A `Response` that is thrown is the answer. */
  readonly authorise: (request: Request, asked: Asked) => Promise<Answer | null> | Answer | null
  /** At least once for each file that came; of one that waits to be looked at only by a webhook. What it gives is told to the page. */
  readonly onUploaded?: ((uploaded: Uploaded<Answer>) => Promise<Data> | Data) | undefined
}

export interface UploadHandlerOptions {
  /** With a key that may write and share where the uploads go. */
  readonly hp: Pick<Hallpass, 'uploads' | 'files' | 'links'>
  readonly routes: Readonly<Record<string, UploadRoute>>
  /**
   * Of a webhook that tells this address of `file.created`: `onUploaded` is then called for what it tells, which comes even if the page is
   * gone, and not when a page completes its upload.
   */
  readonly webhookSecret?: string | undefined
}

/** A route, with the types of what its functions say to each other. */
export function route<Answer extends Authorised, Data>(of: UploadRoute<Answer, Data>): UploadRoute {
  // Its functions agree with one another, which is all that whoever calls them has to know.
  return of as unknown as UploadRoute
}

/**
 * ```ts
 * export const POST = createUploadHandler({
 *   hp,
 *   routes: {
 *     avatar: route({
 *       types: ['image/*'],
 *       maxBytes: 5e6,
 *       authorise: async (request) => ({ path: `users/${await userOf(request)}/avatar` }),
 *     }),
 *   },
 * })
 * ```
 */
export function createUploadHandler(
  options: UploadHandlerOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      if (options.webhookSecret !== undefined && request.headers.has('webhook-signature')) {
        return await hear(options, request, options.webhookSecret)
      }
      const call = await readCall(request)
      return answer(200, await respond(options, request, call))
    } catch (error) {
      return refuse(error)
    }
  }
}

async function respond(
  options: UploadHandlerOptions,
  request: Request,
  call: UploadCall,
): Promise<UploadAnswer> {
  const { hp, routes } = options
  const asked = Object.hasOwn(routes, call.route) ? routes[call.route] : undefined
  if (asked === undefined) throw notAllowed('There is no such route.', 404)
  const { action } = call
  const [file, input] = call.action === 'begin' ? [call.file, call.input] : [null, undefined]
  const authorised = await asked.authorise(request, { action, file, input })
  if (authorised === null) throw notAllowed('You may not upload this here.', 403)
  if (call.action === 'begin') {
    requireFitting(asked, call.file)
    return view(await hp.uploads.create(wishOf(asked, authorised, call)))
  }
  const upload = await hp.uploads.get({ id: call.id })
  // An id of one route gets nowhere on another.
  if (upload.label !== labelOf(call.route)) throw notAllowed('There is no such upload.', 404)
  if (action !== 'complete') return goOn(options, upload, call)
  return complete(options, asked, { request, authorised, id: call.id })
}

async function goOn(
  { hp }: UploadHandlerOptions,
  upload: Upload,
  call: Exclude<UploadCall, { action: 'begin' }>,
): Promise<UploadAnswer> {
  const { id } = upload
  if (call.action === 'sign') {
    return view(await hp.uploads.sign({ id, ...(call.parts.length > 0 && { parts: call.parts }) }))
  }
  if (call.action === 'abort') await hp.uploads.abort({ id })
  return view({ upload, requests: [] })
}

interface Completing {
  readonly request: Request
  readonly authorised: Authorised
  readonly id: string
}

async function complete(
  { hp, webhookSecret }: UploadHandlerOptions,
  { onUploaded }: UploadRoute,
  { request, authorised, id }: Completing,
): Promise<UploadAnswer> {
  const upload = await hp.uploads.complete({ id })
  const { file, heldId } = upload
  const told = view({ upload, requests: [] })
  if (heldId !== null) return told
  if (file === null) throw notAllowed('The file is gone already.', 404)
  if (webhookSecret !== undefined || onUploaded === undefined) return told
  return { ...told, data: await onUploaded({ file, uploadId: id, request, authorised }) }
}

function view({
  upload,
  requests,
}: {
  readonly upload: Upload
  readonly requests: UploadAnswer['requests']
}): UploadAnswer {
  const { id, status, size, partSize, partCount, parts, file, heldId } = upload
  return { upload: { id, status, size, partSize, partCount, parts }, requests, file, heldId }
}

function wishOf(
  { overwrite, methods, expiresIn }: UploadRoute,
  { path, metadata }: Authorised,
  { route: name, file: { size, type } }: Extract<UploadCall, { action: 'begin' }>,
): Parameters<Hallpass['uploads']['create']>[0] {
  return {
    path,
    size,
    label: labelOf(name),
    ...(type !== '' && { contentType: type }),
    ...(metadata !== undefined && { metadata }),
    ...(overwrite !== undefined && { overwrite }),
    ...(methods !== undefined && { methods }),
    ...(expiresIn !== undefined && { expiresIn }),
  }
}

function requireFitting(
  { types, maxBytes = Infinity, minBytes = 0 }: UploadRoute,
  { size, type }: FileFacts,
): void {
  if (size > maxBytes) throw notAllowed(`A file has at most ${maxBytes} bytes here.`, 413)
  if (size < minBytes) throw notAllowed(`A file has at least ${minBytes} bytes here.`, 400)
  const [essence = ''] = type.split(';')
  if (types === undefined || types.some((range) => isWithin(essence.trim(), range))) return
  throw notAllowed(`A file is of one of these types here: ${types.join(', ')}.`, 415)
}

function isWithin(type: string, range: string): boolean {
  return range.endsWith('/*') ? type.startsWith(range.slice(0, -1)) : type === range
}

const LABEL = 'upload:'

function labelOf(name: string): string {
  return LABEL + name
}

interface Message {
  readonly type: string
  readonly data: { readonly link: string | null; readonly detail?: { readonly fileId?: unknown } }
}

/** A message of the server: what it tells of was uploaded by one of the routes, or is none of ours. */
async function hear(
  { hp, routes }: UploadHandlerOptions,
  request: Request,
  secret: string,
): Promise<Response> {
  const body = await readText(request)
  if (!(await verifyWebhook(request.headers, body, { secret, nowMs: Date.now() }))) {
    throw notAllowed('The message is not signed with the secret of the webhook.', 401)
  }
  const { type, data } = JSON.parse(body) as Message
  const fileId = data.detail?.fileId
  if (type === 'file.created' && data.link !== null && typeof fileId === 'string') {
    const { label, subject } = await hp.links.get({ id: data.link })
    // What end users begin by themselves is named by them.
    const isOurs = subject === null && label?.startsWith(LABEL) === true
    const name = isOurs ? label.slice(LABEL.length) : ''
    const told = Object.hasOwn(routes, name) ? routes[name] : undefined
    const uploadId = data.link.replace(/^link_/, '')
    if (told?.onUploaded !== undefined) {
      const file = await hp.files.get({ id: fileId })
      await told.onUploaded({ file, uploadId, request: null, authorised: null })
    }
  }
  return new Response(null, { status: 204 })
}

function notAllowed(message: string, status: number): HallpassError {
  return new HallpassError({ code: 'not-allowed', message, status })
}
