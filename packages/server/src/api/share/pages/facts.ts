/** What the pages of all shares say: who shares, what they say to it, until when, how often. */
import type { ShareGrant } from '../../../auth/authenticate-share.ts'
import { NO_HTML, html } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import { formatCount, formatMoment, showName } from '../format.ts'
import type { Messages } from '../messages/messages.ts'

export type Fact = readonly [label: string, value: Html | string]

export function renderGreeting({ share: { greeting } }: ShareGrant): Html {
  return greeting === undefined ? NO_HTML : html`<p class="greeting" dir="auto">${greeting}</p>`
}

/** `further` stand between whom it comes from and until when. */
export function renderFacts(messages: Messages, grant: ShareGrant, further: readonly Fact[]): Html {
  const { share, expiresAt } = grant
  const moment = formatMoment(messages.language, expiresAt)
  const facts: Fact[] = [
    ...(share.owner === undefined ? [] : [[messages.from, showName(share.owner)] as const]),
    ...further,
    [messages.until, html`<time datetime="${new Date(expiresAt).toISOString()}">${moment}</time>`],
    ...factOfUses(messages, grant),
  ]
  const rows = facts.map(
    ([label, value]) =>
      html`<dt>${label}</dt>
        <dd dir="auto">${value}</dd>`,
  )
  return html`<dl>${rows}</dl>`
}

function factOfUses(messages: Messages, { share, maxUses, uses }: ShareGrant): readonly Fact[] {
  if (maxUses === null) return []
  const left = formatCount(messages.language, Math.max(0, maxUses - uses))
  return [[share.kind === 'drop' ? messages.filesTaken : messages.usesLeft, left]]
}
