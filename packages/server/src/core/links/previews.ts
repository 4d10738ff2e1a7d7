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

/**
 * Parts of user agents, in lower case, as docs/previews.md has them. What iMessage sends names two of them, what Signal sends is
 * that of WhatsApp.
 */
export const PREVIEW_AGENTS = [
  'adsbot-google',
  'ahrefsbot',
  'akkoma',
  'amazonbot',
  'apis-google',
  'applebot',
  'archive.org_bot',
  'baiduspider',
  'barracuda',
  'bingbot',
  'bingpreview',
  'bitlybot',
  'bluesky cardyb',
  'bytespider',
  'ccbot',
  'chatgpt-user',
  'claudebot',
  'cohere-ai',
  'diffbot',
  'discordbot',
  'discourse forum onebox',
  'duckassistbot',
  'duckduckbot',
  'embedly',
  'facebookexternalhit',
  'facebot',
  'feedfetcher-google',
  'firefish',
  'flipboardproxy',
  'friendica',
  'google-inspectiontool',
  'google-pagerenderer',
  'google-read-aloud',
  'googlebot',
  'googleimageproxy',
  'googleother',
  'googleproducer',
  'gptbot',
  'ia_archiver',
  'iframely',
  'kakaotalk-scrap',
  'lemmy/',
  'line-poker',
  'linkedinbot',
  'linkpreview',
  'mail.ru_bot',
  'mastodon/',
  'mattermost-bot',
  'mediapartners-google',
  'meta-externalagent',
  'meta-externalfetcher',
  'metainspector',
  'microsoft office existence discovery',
  'mimecast',
  'misskey',
  'ms-office',
  'naverbot',
  'nextcloud server',
  'notionbot',
  'oai-searchbot',
  'opengraph/',
  'peertube',
  'perplexity-user',
  'perplexitybot',
  'petalbot',
  'pinterestbot',
  'pixelfed',
  'pleroma',
  'proofpoint',
  'quora link preview',
  'qwantify',
  'redditbot',
  'rocket.chat',
  'safelinks',
  'semrushbot',
  'seznambot',
  'sharkey',
  'skypeuripreview',
  'slack-imgproxy',
  'slackbot',
  'snap url preview',
  'sogou',
  'storebot-google',
  'synapse (bot',
  'teamsbot',
  'telegrambot',
  'twitterbot',
  'viber',
  'vkrobot',
  'vkshare',
  'whatsapp',
  'xing-contenttabreceiver',
  'yahoo! slurp',
  'yandex.com/bots',
  'yandexbot',
  'yeti/',
  'zoombot',
  'zulipurlpreview',
] as const

/** The known agent, or `prefetch` for a browser that says it only looks ahead; `null` for people and programs. */
export function findPreviewAgent(rawHeaders: readonly string[]): string | null {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    if (PURPOSE_HEADERS.has(name) && PURPOSE.test(value)) return 'prefetch'
    if (name === 'user-agent') {
      const text = value.toLowerCase()
      const agent = PREVIEW_AGENTS.find((known) => text.includes(known))
      if (agent !== undefined) return agent
    }
  }
  return null
}
