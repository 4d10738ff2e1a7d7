/** What a person sees whose browser opens a link that does not work: what is true, and what to do, instead of XML. */
import { isSigningError } from '@hallpass/signing/errors'
import { isDomainError, isRefusal } from '../../../core/errors.ts'
import { nameOf } from '../../../core/paths.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import { formatPage, formatTime } from '../answers/page.ts'
import type { S3Error } from './s3-error.ts'

/** What the page may say besides what the refusal says. */
export interface PageFacts {
  /** The one for which the signature holds, where that is another than the request's; `null` if there is none. */
  readonly signedMethod: string | null
  /** The link holds, for uploading. */
  readonly isUploadLink: boolean
  /** The address is that of a public folder, not of a file in it. */
  readonly isPublicFolder: boolean
}

export interface RefusedVisit {
  readonly error: unknown
  readonly described: S3Error
  readonly path: ObjectPath | null
  readonly clientIp: string
  readonly method: string
  readonly requestId: string
  readonly nowMs: number
  readonly facts: PageFacts
}

type Story = readonly [title: string, ...paragraphs: string[]]

const ASK_AGAIN = 'Ask whoever sent it to you for a new one.'
const NO_LISTING: Story = [
  'This folder has no list',
  'Its files are public, each under its own address. Which files there are is not shown here.',
]
const UPLOAD_LINK: Story = [
  'This link is for uploading',
  'It takes a file and shows none. Use it on the page or in the program that it was made for.',
]
const INCOMPLETE: Story = [
  'This link is not complete',
  `Part of its address is missing or was changed on the way. Copy the whole address. ${ASK_AGAIN}`,
]

export function formatErrorPage(visit: RefusedVisit): string {
  const { described, path, requestId, nowMs } = visit
  const [title, ...paragraphs] = tell(visit)
  return formatPage({
    title,
    name: path === null ? '' : nameOf(path.key),
    paragraphs,
    note: `${formatTime(nowMs)} · ${described.status} ${described.code} · request ${requestId}`,
  })
}

function tell(visit: RefusedVisit): Story {
  const { error, facts } = visit
  if (facts.isPublicFolder) return NO_LISTING
  if (facts.isUploadLink) return UPLOAD_LINK
  if (visit.method === 'POST') return tellOfForm(visit)
  return tellOfLink(error) ?? tellOfRight(visit) ?? tellOfStatus(visit.described)
}

/** Of a form there is one thing to say first: that nothing came of it. */
function tellOfForm({ error, described, clientIp }: RefusedVisit): Story {
  const title = 'The file was not stored'
  if (isRefusal(error, 'link-used')) {
    return [
      title,
      `The form was made for a limited number of files, and they are there. ${ASK_AGAIN}`,
    ]
  }
  if (isRefusal(error, 'link-revoked')) {
    return [title, `Somebody in charge has ended this form. ${ASK_AGAIN}`]
  }
  if (isRefusal(error, 'link-ip-not-allowed')) {
    return [
      title,
      `The form was made for another network, and you come from ${clientIp}. ${ASK_AGAIN}`,
    ]
  }
  if (isSigningError(error) && error.code === 'signature-expired') {
    return [
      title,
      `The form worked until ${formatTime(error.details.expiredAt.getTime())}. ${ASK_AGAIN}`,
    ]
  }
  const most = mostBytes(error)
  if (most !== null) return [title, `It is too large: at most ${most} bytes are taken here.`]
  const said = isDomainError(error) ? error.message : described.message
  const remedy = described.elements?.find(([name]) => name === 'Remedy')?.[1]
  return remedy === undefined ? [title, said] : [title, said, String(remedy)]
}

function mostBytes(error: unknown): number | null {
  if (isRefusal(error, 'file-too-large')) return error.details.maxBytes
  const isSigned = isSigningError(error) && error.code === 'entity-too-large'
  return isSigned ? error.details.maxBytes : null
}

/** What the signature says of itself. */
function tellOfLink(error: unknown): Story | null {
  if (!isSigningError(error)) return null
  switch (error.code) {
    case 'signature-expired':
      return [
        'This link has expired',
        `It worked until ${formatTime(error.details.expiredAt.getTime())}. ${ASK_AGAIN}`,
      ]
    case 'signature-not-yet-valid':
      return [
        'This link does not work yet',
        `It works from ${formatTime(error.details.validFrom.getTime())}.`,
      ]
    case 'key-unknown':
      return [
        'This link does not work',
        `The key that it was signed with is not known here, or not any more. ${ASK_AGAIN}`,
      ]
    case 'expiry-too-long':
      return ['This link does not work', `It would live longer than links may. ${ASK_AGAIN}`]
    default:
      return INCOMPLETE
  }
}

function tellOfRight({ error, clientIp }: RefusedVisit): Story | null {
  if (isRefusal(error, 'link-revoked')) {
    return [
      'This link was ended',
      `Somebody in charge of the file has ended it, or the file that it was for is gone. ${ASK_AGAIN}`,
    ]
  }
  if (isRefusal(error, 'link-used')) {
    return [
      'This link has been used',
      `It was made for a limited number of downloads, and all of them are gone. ${ASK_AGAIN}`,
    ]
  }
  if (isRefusal(error, 'link-not-yet')) {
    return ['This link does not work yet', `It works from ${formatTime(error.details.notBefore)}.`]
  }
  if (isRefusal(error, 'link-shortened')) {
    return [
      'This link has expired',
      `It worked until ${formatTime(error.details.expiresAt)}. ${ASK_AGAIN}`,
    ]
  }
  if (isRefusal(error, 'link-ip-not-allowed')) {
    return [
      'This link does not work from your network',
      `It was made for another one, and you come from ${clientIp}. Open it from there, or ask whoever sent it to you for one that works here.`,
    ]
  }
  if (isRefusal(error, 'unauthenticated')) {
    return [
      'This is private',
      'It opens with a link that was made for it. Ask whoever told you about it for one.',
    ]
  }
  if (isRefusal(error, 'expiry-too-long')) {
    return ['This link does not work', `It would live longer than is allowed here. ${ASK_AGAIN}`]
  }
  if (!isRefusal(error, 'file-not-found') && !isRefusal(error, 'bucket-not-found')) return null
  return [
    'There is no such file',
    'Nothing is stored under this name. Check the address, or ask whoever sent it to you.',
  ]
}

function tellOfStatus({ status, message }: S3Error): Story {
  if (status >= 500) return ['Something went wrong', 'Please try again in a moment.']
  if (status === 403) return ['This link does not work', `You may not open this. ${ASK_AGAIN}`]
  return ['This cannot be opened', message]
}
