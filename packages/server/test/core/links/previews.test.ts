import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PREVIEW_AGENTS, findPreviewAgent } from '../../../src/core/links/previews.ts'

const PREVIEWS = [
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slack-ImgProxy (+https://api.slack.com/robots)',
  'WhatsApp/2.23.20.0 A',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  'Twitterbot/1.0',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'Mozilla/5.0 (compatible; Google-PageRenderer)',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'Microsoft Office Existence Discovery',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b',
  'Applebot/0.1',
  'Pinterest/0.2 (+https://www.pinterest.com/bot.html) Pinterestbot/1.0',
  'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  'Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)',
  'Iframely/1.3.1 (+https://iframely.com/docs/about)',
  'Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)',
  'http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.example/)',
  'Mozilla/5.0 (compatible; Mattermost-Bot/1.1; +https://mattermost.com)',
  'Synapse (bot; +https://github.com/matrix-org/synapse)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
  'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
  'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)',
  'facebookexternalhit/1.1;line-poker/1.0',
  'Viber/20.0 CFNetwork/1410.0.3 Darwin/22.6.0',
  'Discourse Forum Onebox v3.2.0',
]

const OTHERS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.6.00.4472 Chrome/102.0.5005.167 Electron/19.1.8 Safari/537.36',
  'curl/8.5.0',
  'aws-sdk-js/3.600.0',
  'Wget/1.21.4',
]

test('agents that only look at what somebody wrote are known', () => {
  for (const agent of PREVIEWS) {
    assert.notEqual(findPreviewAgent(['Host', 'x', 'User-Agent', agent]), null, agent)
  }
})

test('the page for people names the same agents', () => {
  const page = readFileSync(new URL('../../../../../docs/previews.md', import.meta.url), 'utf8')
  const listed = /```\n([^`]*)\n```/.exec(page)?.[1]?.split('\n') ?? []
  assert.deepEqual(listed, [...PREVIEW_AGENTS])
  assert.deepEqual(listed, listed.toSorted())
})

test('people and programs are none of them', () => {
  for (const agent of OTHERS) assert.equal(findPreviewAgent(['user-agent', agent]), null, agent)
  assert.equal(findPreviewAgent([]), null)
})

test('a browser that looks ahead says so in one of four headers', () => {
  for (const [name, value] of [
    ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
    ['sec-purpose', 'prefetch;prerender'],
    ['Purpose', 'prefetch'],
    ['X-Purpose', 'preview'],
    ['X-Moz', 'prefetch'],
  ] as const) {
    assert.equal(findPreviewAgent(['user-agent', 'Mozilla/5.0', name, value]), 'prefetch', name)
  }
  assert.equal(findPreviewAgent(['purpose', 'download']), null)
})
