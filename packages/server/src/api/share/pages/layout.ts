/** A page of a share: what every one has, and the headers it goes out with. */
import { html, renderPage, sourceOf } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import type { Messages } from '../messages/messages.ts'
import { STYLE } from './style.ts'

export interface Page {
  readonly messages: Messages
  readonly title: string
  readonly body: Html
  /** Where files come from, for what the page shows of them and where its forms lead. */
  readonly filesUrl: string
  /** The one script of the page, as it stands in it. */
  readonly script?: string
}

export function renderSharePage(
  status: number,
  { messages, title, body, filesUrl, script }: Page,
  headers: Readonly<Record<string, string>> = {},
): PageAnswer {
  const files = new URL(filesUrl).origin
  const policy = [
    "default-src 'none'",
    `style-src ${sourceOf(STYLE)}`,
    `img-src ${files}`,
    `media-src ${files}`,
    `object-src ${files}`,
    `frame-src ${files}`,
    `form-action 'self' ${files}`,
    ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`, "connect-src 'self'"]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': messages.language,
      'content-security-policy': policy,
      ...headers,
    },
    body: renderPage(
      { title, css: STYLE, language: messages.language, ...(script !== undefined && { script }) },
      html`<main>${body}</main>`,
    ),
  }
}
