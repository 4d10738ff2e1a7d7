/** What somebody sees for whom a share does not open: what happened, and what to do. */
import { isDomainError } from '../../../core/errors.ts'
import type { AnyDomainError } from '../../../core/errors.ts'
import { html } from '../../../http/html.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import { formatCount, formatMoment, formatSize } from '../format.ts'
import type { Messages, Story } from '../messages/messages.ts'
import type { Problem } from '../../problem.ts'
import { renderSharePage } from './layout.ts'

export interface RefusedVisit {
  readonly messages: Messages
  readonly filesUrl: string
  readonly error: unknown
  readonly problem: Problem
  readonly clientIp: string
  readonly requestId: string
  readonly nowMs: number
}

export function renderRefusalPage(
  visit: RefusedVisit,
  headers: Readonly<Record<string, string>>,
): PageAnswer {
  const { messages, filesUrl, problem, requestId, nowMs } = visit
  const { title, text } = tellRefusal(visit)
  const moment = formatMoment(messages.language, nowMs)
  const body = html`<h1>${title}</h1>
    <p>${text}</p>
    <p class="note">${moment} · ${problem.status} ${problem.code} · ${requestId}</p>`
  return renderSharePage(problem.status, { messages, title, body, filesUrl }, headers)
}

export function tellRefusal({
  messages,
  error,
  problem,
  clientIp,
}: Pick<RefusedVisit, 'messages' | 'error' | 'problem' | 'clientIp'>): Story {
  const told = isDomainError(error) ? tell(messages, error, clientIp) : null
  if (told !== null) return told
  if (problem.status === 507) return messages.stories.noRoom
  return problem.status >= 500 ? messages.stories.broken : messages.stories.misunderstood
}

type PlainStory = {
  [Name in keyof Messages['stories']]: Messages['stories'][Name] extends Story ? Name : never
}[keyof Messages['stories']]

/** Those that are the same whatever the details. */
const PLAIN: { readonly [Code in AnyDomainError['code']]?: PlainStory } = {
  'share-not-found': 'unknown',
  'link-revoked': 'revoked',
  'link-paused': 'paused',
  'link-used': 'usedUp',
  'expiry-too-long': 'policy',
  'policy-refused': 'policy',
  'file-not-found': 'gone',
  'bucket-not-found': 'gone',
  'share-form-foreign': 'foreignForm',
  'type-contradicted': 'contradicted',
  'quota-exceeded': 'noRoom',
  'path-invalid': 'nameRefused',
  'key-too-long': 'nameRefused',
  'no-file-sent': 'nothingSent',
  'file-exists': 'notTaken',
  'body-incomplete': 'notTaken',
}

function tell(
  { language, stories }: Messages,
  error: AnyDomainError,
  clientIp: string,
): Story | null {
  switch (error.code) {
    case 'link-shortened':
      return stories.expired(formatMoment(language, error.details.expiresAt))
    case 'link-not-yet':
      return stories.notYet(formatMoment(language, error.details.notBefore))
    case 'link-ip-not-allowed':
      return stories.network(clientIp)
    case 'too-many-requests':
    case 'too-many-passwords':
      return stories.tooFast(formatCount(language, error.details.retryAfterSeconds))
    case 'too-many-to-pack':
      return stories.tooMany(formatCount(language, error.details.maxFiles))
    case 'file-too-large':
      return stories.tooLarge(formatSize(language, error.details.maxBytes))
    case 'file-too-small':
      return stories.tooSmall(formatSize(language, error.details.minBytes))
    case 'content-type-not-allowed':
      return stories.typeRefused(error.details.allowed.join(', '))
    default: {
      const plain = PLAIN[error.code]
      return plain === undefined ? null : stories[plain]
    }
  }
}
