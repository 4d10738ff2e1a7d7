/** The page of one file. */
import type { ShareGrant } from '../../../auth/authenticate-share.ts'
import type { FileRecord } from '../../../catalog/records.ts'
import { parseMediaType } from '../../../core/files/media-type.ts'
import { nameOf } from '../../../core/paths.ts'
import { html } from '../../../http/html.ts'
import type { ShareAnswer } from '../exchange.ts'
import { formatSize, showName } from '../format.ts'
import type { Messages } from '../messages/messages.ts'
import { renderFacts, renderGreeting } from './facts.ts'
import { renderSharePage } from './layout.ts'

export interface FilePage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly grant: ShareGrant
  readonly file: FileRecord
}

export function renderFilePage({ messages, filesUrl, grant, file }: FilePage): ShareAnswer {
  const name = showName(nameOf(file.key))
  const body = html`<h1><bdi>${name}</bdi></h1>
    ${renderGreeting(grant)}
    ${renderFacts(messages, grant, [
      [messages.type, typeOf(file)],
      [messages.size, formatSize(messages.language, file.size)],
    ])}
    <form method="post">
      <button name="action" value="download">${messages.download}</button>
    </form>`
  return renderSharePage(200, { messages, title: name, body, filesUrl })
}

function typeOf({ contentType }: FileRecord): string {
  return parseMediaType(contentType)?.essence ?? 'application/octet-stream'
}
