/**
 * Who asks for a preview instead of the file: chat programs, mail filters and browsers fetch what somebody merely wrote or hovers
 * over. On a link with a number of uses such a fetch would take the use from the person it was sent to.
 */

const PURPOSE_HEADERS: ReadonlySet<string> = new Set([
  'sec-purpose',
  'purpose',
  'x-purpose',
  'x-moz',
])
/** `prefetch;anonymous-client-ip`, `prefetch;prerender`, `preview`. */
const PURPOSE = /\b(?:prefetch|prerender|preview)\b/i

/** Parts of user agents, in lower case. What iMessage sends names two of them. */
const AGENTS = [
  'applebot',
  'bingpreview',
  'bitlybot',
  'bluesky cardyb',
  'discordbot',
  'embedly',
  'facebookexternalhit',
  'facebot',
  'google-pagerenderer',
  'google-read-aloud',
  'googlebot',
  'googleimageproxy',
  'iframely',
  'linkedinbot',
  'mastodon/',
  'microsoft office existence discovery',
  'ms-office',
  'pinterestbot',
  'redditbot',
  'safelinks',
  'skypeuripreview',
  'slack-imgproxy',
  'slackbot',
  'snap url preview',
  'teamsbot',
  'telegrambot',
  'twitterbot',
  'vkshare',
  'whatsapp',
] as const

/** The known agent, or `prefetch` for a browser that says it only looks ahead; `null` for people and programs. */
export function findPreviewAgent(rawHeaders: readonly string[]): string | null {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    if (PURPOSE_HEADERS.has(name) && PURPOSE.test(value)) return 'prefetch'
    if (name === 'user-agent') {
      const text = value.toLowerCase()
      const agent = AGENTS.find((known) => text.includes(known))
      if (agent !== undefined) return agent
    }
  }
  return null
}
