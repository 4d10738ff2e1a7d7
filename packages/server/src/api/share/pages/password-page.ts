/** What somebody sees who has the address and has not sent the password yet. It tells nothing of what is shared. */
import { NO_HTML, html } from '../../../http/html.ts'
import type { ShareKind } from '../../../catalog/records.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import type { Messages } from '../messages/messages.ts'
import { renderSharePage } from './layout.ts'

export interface PasswordPage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly kind: ShareKind
  readonly wasWrong: boolean
}

export function renderPasswordPage(
  { messages, filesUrl, kind, wasWrong }: PasswordPage,
  headers: Readonly<Record<string, string>>,
): PageAnswer {
  const title = titleOf(messages, kind)
  const wrong = html`<p class="warning" id="wrong" role="alert">${messages.wrongPassword}</p>`
  const body = html`<h1>${title}</h1>
    <p>${messages.passwordAsked}</p>
    ${wasWrong ? wrong : NO_HTML}
    <form method="post">
      <label for="password">${messages.password}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="off"
        maxlength="1024"
        required
        autofocus
      />
      <button>${messages.open}</button>
    </form>`
  return renderSharePage(wasWrong ? 403 : 401, { messages, title, body, filesUrl }, headers)
}

export function titleOf(messages: Messages, kind: ShareKind): string {
  if (kind === 'file') return messages.fileShared
  return kind === 'folder' ? messages.folderShared : messages.dropShared
}
