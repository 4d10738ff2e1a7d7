/** The page of one file. */
import type { ShareGrant } from '../../../auth/authenticate-share.ts'
import type { FileRecord } from '../../../catalog/records.ts'
import { parseMediaType } from '../../../core/files/media-type.ts'
import { nameOf } from '../../../core/paths.ts'
import { NO_HTML, html } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import { formatSize, showName } from '../format.ts'
import type { Messages } from '../messages/messages.ts'
import type { Preview } from '../preview-file.ts'
import { renderFacts, renderGreeting } from './facts.ts'
import { renderSharePage } from './layout.ts'
import { PLAY_SCRIPT } from './play-script.ts'

export interface FilePage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly grant: ShareGrant
  readonly file: FileRecord
  readonly preview: Preview | null
}

export function renderFilePage({ messages, filesUrl, grant, file, preview }: FilePage): PageAnswer {
  const name = showName(nameOf(file.key))
  const body = html`<h1><bdi>${name}</bdi></h1>
    ${renderGreeting(grant)}
    ${renderFacts(messages, grant, [
      [messages.type, typeOf(file)],
      [messages.size, formatSize(messages.language, file.size)],
    ])}
    <form method="post" class="actions">
      <button name="action" value="download">${messages.download}</button>
      ${isDocument(file) ? html`<button name="action" value="open">${messages.open}</button>` : NO_HTML}
    </form>
    ${preview === null ? NO_HTML : renderPreview(messages, preview)}`
  const page = { messages, title: name, body, filesUrl }
  return renderSharePage(200, isPlayed(preview) ? { ...page, script: PLAY_SCRIPT } : page)
}

function isPlayed(preview: Preview | null): boolean {
  return preview !== null && (preview.kind === 'audio' || preview.kind === 'video')
}

function typeOf({ contentType }: FileRecord): string {
  return parseMediaType(contentType)?.essence ?? 'application/octet-stream'
}

/** What browsers have a reader of their own for. */
function isDocument(file: FileRecord): boolean {
  return typeOf(file) === 'application/pdf'
}

function renderPreview(messages: Messages, preview: Preview): Html {
  switch (preview.kind) {
    case 'image':
      return html`<figure><img src="${preview.url}" alt="${messages.preview}" /></figure>`
    case 'audio':
      return html`<figure>
        <audio
          src="${preview.url}"
          controls
          preload="none"
          aria-label="${messages.preview}"
        ></audio>
      </figure>`
    case 'video':
      return html`<figure>
        <video
          src="${preview.url}"
          controls
          preload="metadata"
          aria-label="${messages.preview}"
        ></video>
      </figure>`
    // A browser that has no reader, or whose owner has such files saved, shows what is inside instead, and saves nothing by itself.
    case 'document':
      return html`<object
        data="${preview.url}"
        type="application/pdf"
        aria-label="${messages.preview}"
      ></object>`
    case 'text':
      return html`<h2>${messages.preview}</h2>
        <pre tabindex="0" dir="auto">${preview.text}</pre>
        ${preview.isCut ? html`<p class="note">${messages.previewCut}</p>` : NO_HTML}`
  }
}
