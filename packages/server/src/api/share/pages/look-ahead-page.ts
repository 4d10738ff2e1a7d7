/** What programs see that look ahead for somebody: that something was shared, and no more. */
import { html } from '../../../http/html.ts'
import type { ShareKind } from '../../../catalog/records.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import type { Messages } from '../messages/messages.ts'
import { renderSharePage } from './layout.ts'
import { titleOf } from './password-page.ts'

export function renderLookAheadPage(
  messages: Messages,
  kind: ShareKind,
  filesUrl: string,
): PageAnswer {
  const title = titleOf(messages, kind)
  const body = html`<h1>${title}</h1>
    <p>${messages.openToSee}</p>`
  return renderSharePage(200, { messages, title, body, filesUrl })
}
