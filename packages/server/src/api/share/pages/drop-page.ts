/** The page of a drop: others send files by it. A form without a script; with one, it shows how far it is and goes on where it was. */
import type { ShareGrant } from '../../../auth/authenticate-share.ts'
import { MAX_PUT_BYTES } from '../../../platform/s3-limits.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { NO_HTML, html } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import { formatMoment, formatSize, showName } from '../format.ts'
import type { Messages, Story } from '../messages/messages.ts'
import type { TakenFile } from '../take-files.ts'
import { SCRIPT } from './drop-script.ts'
import type { Fact } from './facts.ts'
import { renderFacts, renderGreeting } from './facts.ts'
import { renderSharePage } from './layout.ts'

export interface DropPage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly grant: ShareGrant
  readonly permit: Pick<Permit, 'minBytes' | 'maxBytes' | 'contentTypes'>
  /** Files may come over several requests. */
  readonly isResumable: boolean
}

export function renderDropPage(page: DropPage): PageAnswer {
  const { messages, filesUrl, grant, permit, isResumable } = page
  const title = messages.dropShared
  const accept = permit.contentTypes?.join(',') ?? ''
  const body = html`<h1>${title}</h1>
    ${renderGreeting(grant)}${renderFacts(messages, grant, bounds(messages, permit))}
    <form
      method="post"
      enctype="multipart/form-data"
      data-words="${JSON.stringify(wordsOf(messages, grant, permit))}"
    >
      <label for="files">${messages.chooseFiles}</label>
      <input id="files" name="file" type="file" multiple required accept="${accept}" />
      <button>${messages.send}</button>
    </form>`
  const script = isResumable ? { script: SCRIPT } : {}
  return renderSharePage(200, { messages, title, body, filesUrl, ...script })
}

/** What the script says in place of the pages that a form leads to. */
function wordsOf(
  { sending, connectionLost, arrived, notTaken, sendMore, language, stories }: Messages,
  { expiresAt }: ShareGrant,
  { minBytes, maxBytes, contentTypes }: DropPage['permit'],
): object {
  const told: Readonly<Record<string, Story>> = {
    'file-too-large': stories.tooLarge(formatSize(language, maxBytes)),
    'file-too-small': stories.tooSmall(formatSize(language, minBytes)),
    'content-type-not-allowed': stories.typeRefused((contentTypes ?? []).join(', ')),
    'link-shortened': stories.expired(formatMoment(language, expiresAt)),
    'link-used': stories.usedUp,
    'link-revoked': stories.revoked,
    'link-paused': stories.paused,
    'policy-refused': stories.policy,
    'type-contradicted': stories.contradicted,
    'quota-exceeded': stories.noRoom,
    'storage-full': stories.noRoom,
    'path-invalid': stories.nameRefused,
    'key-too-long': stories.nameRefused,
    refused: stories.notTaken,
  }
  return { sending, connectionLost, arrived, notTaken, sendMore, stories: told }
}

function bounds(messages: Messages, permit: DropPage['permit']): readonly Fact[] {
  const { language } = messages
  const { minBytes, maxBytes, contentTypes } = permit
  return [
    ...(maxBytes < MAX_PUT_BYTES
      ? [[messages.largest, formatSize(language, maxBytes)] as const]
      : []),
    ...(minBytes > 0 ? [[messages.smallest, formatSize(language, minBytes)] as const] : []),
    ...(contentTypes === null ? [] : [[messages.typesTaken, contentTypes.join(', ')] as const]),
  ]
}

export interface TakenPage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly files: readonly TakenFile[]
  readonly refused: { readonly name: string; readonly story: Story } | null
}

/** What somebody sees who has sent files. */
export function renderTakenPage(
  status: number,
  { messages, filesUrl, files, refused }: TakenPage,
): PageAnswer {
  const title = files.length > 0 ? messages.arrived : messages.notTaken
  const body = html`<h1>${title}</h1>
    ${files.length > 0 ? renderTaken(messages, files) : NO_HTML}
    ${refused === null ? NO_HTML : renderRefused(messages, refused, files.length > 0)}
    <p><a href="">${messages.sendMore}</a></p>`
  return renderSharePage(status, { messages, title, body, filesUrl })
}

function renderTaken(messages: Messages, files: readonly TakenFile[]): Html {
  const { language, beingChecked, checkedFirst } = messages
  const rows = files.map(
    ({ name, size, waits }) =>
      html`<li>
        <bdi>${showName(name)}</bdi> ·
        ${formatSize(language, size)}${waits ? ` · ${beingChecked}` : ''}
      </li>`,
  )
  return html`<ul class="files">
      ${rows}
    </ul>
    ${files.some(({ waits }) => waits) ? html`<p>${checkedFirst}</p>` : NO_HTML}`
}

// oxlint-disable-next-line max-params -- which, and after what
function renderRefused(
  { notTaken }: Messages,
  { name, story }: { readonly name: string; readonly story: Story },
  isAfterOthers: boolean,
): Html {
  return html`${isAfterOthers ? html`<h2>${notTaken}</h2>` : NO_HTML}
    <p><bdi>${showName(name)}</bdi></p>
    <p class="warning" role="alert">${story.title}. ${story.text}</p>`
}
