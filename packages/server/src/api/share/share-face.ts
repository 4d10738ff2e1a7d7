/**
 * The face for people: `/s/…`, pages that work without a script. GET looks and consumes nothing; what a share gives is asked for
 * by POST, and comes from the object plane by a ticket (core/shares/sign-ticket.ts). Whatever is thrown on the way becomes an answer here.
 */
import type { Visitor } from '../../auth/authenticate-share.ts'
import { authenticateShare, findShare } from '../../auth/authenticate-share.ts'
import { isRefusal, refusal } from '../../core/errors.ts'
import { findPreviewAgent } from '../../core/links/previews.ts'
import { joinedHeader } from '../../http/raw-headers.ts'
import { describeShare } from './describe-share.ts'
import { createDropNames } from './drop-names.ts'
import type { DropNames } from './drop-names.ts'
import { answerExchange } from '../answer-exchange.ts'
import type { PageAnswer, PageExchange } from '../answer-exchange.ts'
import type { ShareContext, ShareVisit } from './exchange.ts'
import { findSharedFile, handOutArchive, handOutFile, showFile } from './hand-out-file.ts'
import { listSharedFolder } from './list-folder.ts'
import { chooseLanguage } from './messages/choose-language.ts'
import type { Messages } from './messages/messages.ts'
import { noteVisit } from './note-visit.ts'
import { requireOwnForm } from './own-form.ts'
import { renderDropPage, renderTakenPage } from './pages/drop-page.ts'
import { renderFilePage } from './pages/file-page.ts'
import { renderFolderPage } from './pages/folder-page.ts'
import { renderLookAheadPage } from './pages/look-ahead-page.ts'
import { renderPasswordPage } from './pages/password-page.ts'
import { renderRefusalPage, tellRefusal } from './pages/refusal-page.ts'
import { PROBLEM_TYPE } from '../problem-document.ts'
import { problemHeaders, toProblem } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { readForm } from './read-form.ts'
import { isFileForm, takeFiles } from './take-files.ts'
import type { Taken } from './take-files.ts'
import { previewFile } from './preview-file.ts'
import { formatSessionCookie } from './session-cookie.ts'
import { readShareSession } from '../share-session-cookie.ts'

export interface ShareFace {
  /** Answers the exchange in full. Resolves once nothing of it is under way any more; never rejects. */
  handle(exchange: PageExchange): Promise<void>
  /** The same with the refusal behind `error`, whatever was asked for. */
  refuse(exchange: PageExchange, error: Error): Promise<void>
}

interface Serving extends ShareContext {
  readonly names: DropNames
}

export function createShareFace(context: ShareContext): ShareFace {
  const serving = { ...context, names: createDropNames(context.core) }

  function answer(
    exchange: PageExchange,
    serve: (visit: ShareVisit) => Promise<PageAnswer>,
  ): Promise<void> {
    return answerExchange(begin(context, exchange), {
      serve,
      refuse: (visit, error) => refuse(context, visit, error),
      headers: HEADERS,
      note: (visit) => noteVisit(context, visit),
    })
  }

  return {
    handle: (exchange) => answer(exchange, (visit) => answerVisit(serving, visit)),
    refuse: (exchange, error) => answer(exchange, () => Promise.reject(error)),
  }
}

const TARGET = /^\/s\/([^/?#]*)(?:\?([^#]*))?$/

function begin({ core }: ShareContext, exchange: PageExchange): ShareVisit {
  const { request } = exchange
  const [, token = '', query = ''] = TARGET.exec(request.url ?? '') ?? []
  const isHead = request.method === 'HEAD'
  return {
    ...exchange,
    token,
    query: new URLSearchParams(query),
    startedAt: core.clock.now(),
    grant: null,
    refusedFor: null,
    moved: [],
    lookedAheadBy: isHead ? 'HEAD' : findPreviewAgent(request.rawHeaders),
  }
}

const METHODS = ['GET', 'HEAD', 'POST'] as const

async function answerVisit(context: Serving, visit: ShareVisit): Promise<PageAnswer> {
  const { core } = context
  const { request, clientIp, token } = visit
  const { method = '', rawHeaders: headers } = request
  core.requirePace('address', clientIp)
  if (!METHODS.some((known) => known === method)) {
    throw refusal('method-not-allowed', { method, allowed: METHODS })
  }
  if (method === 'POST') requireOwnForm(headers, core.publicUrl)
  visit.grant = await findShare(core, token)
  const found = await authenticateShare(core, visit.grant, { clientIp, headers })
  if (visit.lookedAheadBy !== null) {
    const { kind } = visit.grant.share
    return renderLookAheadPage(languageOf(visit), kind, core.filesUrl)
  }
  const session = readShareSession(headers)
  if (method === 'GET') {
    return show(context, visit, await found.admit({ session, password: null }))
  }
  if (visit.grant.share.kind === 'drop' && isFileForm(visit)) {
    return answerFiles(context, visit, await takeFiles(context, visit, found, session))
  }
  const form = await readForm(request, visit.readBody)
  const visitor = await found.admit({ session, password: form.get('password') })
  return withSession(context, visit, visitor, await act(context, visit, { visitor, form }))
}

async function show(
  { core }: ShareContext,
  visit: ShareVisit,
  visitor: Visitor,
): Promise<PageAnswer> {
  const { grant } = visitor
  const shown = { messages: languageOf(visit), filesUrl: core.filesUrl, grant }
  const isForProgram = wantsJson(visit)
  if (grant.share.kind === 'drop') {
    const { permit } = visitor
    if (isForProgram) return describeShare(grant, { permit })
    const isResumable = (await core.mounts.at(permit.epoch, grant.bucket)) === null
    return renderDropPage({ ...shown, permit, isResumable })
  }
  if (grant.share.kind === 'folder') {
    const view = await listSharedFolder(core, visitor, visit.query)
    return isForProgram ? describeShare(grant, { view }) : renderFolderPage({ ...shown, view })
  }
  const { permit, file } = await findSharedFile(core, visitor)
  if (isForProgram) return describeShare(grant, { file })
  const preview = await previewFile(core, permit, file)
  if (preview?.kind === 'text') visit.moved = [{ name: '', size: preview.bytes }]
  return renderFilePage({ ...shown, file, preview })
}

/** What was taken, and what was not. */
function answerFiles(context: ShareContext, visit: ShareVisit, taken: Taken): PageAnswer {
  const { core } = context
  const { visitor, files, refused } = taken
  const problem = refused === null ? null : toProblem(refused.error, core.publicUrl)
  visit.refusedFor = problem?.code ?? null
  visit.moved = files
  if (refused !== null && problem !== null) logFault(context, visit, refused.error, problem)
  const status = problem?.status ?? 201
  if (wantsJson(visit)) {
    const body = JSON.stringify({ files, refused: problem && { name: refused?.name, ...problem } })
    const answer = { status, headers: { 'content-type': 'application/json' }, body }
    return withSession(context, visit, visitor, answer)
  }
  const messages = languageOf(visit)
  const { clientIp } = visit
  const told =
    refused === null || problem === null
      ? null
      : {
          name: refused.name,
          story: tellRefusal({ messages, error: refused.error, problem, clientIp }),
        }
  const page = renderTakenPage(status, { messages, filesUrl: core.filesUrl, files, refused: told })
  return withSession(context, visit, visitor, page)
}

interface Sent {
  readonly visitor: Visitor
  readonly form: URLSearchParams
}

function act(
  { core }: ShareContext,
  visit: ShareVisit,
  { visitor, form }: Sent,
): Promise<PageAnswer> | PageAnswer {
  switch (form.get('action')) {
    case null:
      return goTo(`/s/${visit.token}`)
    case 'download':
      return handOutFile(core, visitor, form.get('file') ?? '')
    case 'open':
      return showFile(core, visitor)
    case 'zip':
      return handOutArchive(core, visitor, form.get('in') ?? '')
    default: {
      const reason = 'what a share does is download, open or zip'
      throw refusal('field-invalid', { field: 'action', reason })
    }
  }
}

/** The page is asked for anew, so that a reload sends no form again. */
function goTo(location: string): PageAnswer {
  return { status: 303, headers: { location }, body: '' }
}

// oxlint-disable-next-line max-params -- who came, and what they are answered
function withSession(
  { core }: ShareContext,
  { token }: ShareVisit,
  { session }: Visitor,
  answer: PageAnswer,
): PageAnswer {
  if (session === null) return answer
  const isSecure = core.publicUrl.startsWith('https:')
  const cookie = formatSessionCookie(session, { token, nowMs: core.clock.now(), isSecure })
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } }
}

function refuse({ core }: ShareContext, visit: ShareVisit, error: unknown): PageAnswer {
  const problem = toProblem(error, core.publicUrl)
  visit.refusedFor = problem.code
  const { requestId, clientIp, grant } = visit
  logFault({ core }, visit, error, problem)
  const headers = problemHeaders(error, problem, 'Form realm="share"')
  if (wantsJson(visit)) {
    const body = JSON.stringify(problem)
    return { status: problem.status, headers: { ...headers, 'content-type': PROBLEM_TYPE }, body }
  }
  const { filesUrl } = core
  const messages = languageOf(visit)
  const wasWrong = isRefusal(error, 'share-password-wrong')
  if (grant !== null && (wasWrong || isRefusal(error, 'share-password-needed'))) {
    return renderPasswordPage({ messages, filesUrl, kind: grant.share.kind, wasWrong }, headers)
  }
  const nowMs = core.clock.now()
  const refused = { messages, filesUrl, error, problem, clientIp, requestId, nowMs }
  return renderRefusalPage(refused, headers)
}

// oxlint-disable-next-line max-params -- what it was, and how it is answered
function logFault(
  { core }: Pick<ShareContext, 'core'>,
  { requestId }: ShareVisit,
  err: unknown,
  { status, code }: Problem,
): void {
  if (status >= 500) core.log.error({ err, requestId, code }, 'request failed')
}

function languageOf({ request }: ShareVisit): Messages {
  return chooseLanguage(joinedHeader(request.rawHeaders, 'accept-language'))
}

/** A program that asks for JSON and for no page. */
function wantsJson({ request }: ShareVisit): boolean {
  const { accept = '' } = request.headers
  return /\bjson\b/i.test(accept) && !/\btext\/html\b/i.test(accept)
}

/** The same address shows different people different things. */
const HEADERS = {
  'cache-control': 'private, no-store',
  vary: 'Accept, Accept-Language, Cookie',
} as const
