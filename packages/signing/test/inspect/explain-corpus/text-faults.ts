/**
 * What happens to the text of signed URLs of every dialect on the way through mails, logs, documents and scripts.
 */
import { NOW, namedFault, withUrl } from './case.ts'
import type { CaseInput, Fault, FaultName, Sample } from './case.ts'
import { akamaiSample, cloudCdnSample, cloudFrontSample, gcsSample } from './other-samples.ts'
import { azureSample } from './azure-samples.ts'
import type { Random } from './random.ts'
import { s3Sample } from './s3-samples.ts'

type AnySample = (random: Random) => Promise<Sample> | Sample

const LARGE: readonly AnySample[] = [
  (random) => s3Sample(random, { operation: 'GET' }),
  (random) => s3Sample(random, { operation: 'GET', hasSession: true }),
  (random) => gcsSample(random, { action: 'read' }),
  (random) => azureSample(random, { kind: 'blob' }),
  (random) => cloudFrontSample(random),
]
/** Dialects in which every parameter of the URL is signed. */
const STRICT: readonly AnySample[] = [
  (random) => s3Sample(random, { operation: 'GET' }),
  (random) => gcsSample(random, { action: 'read' }),
  (random) => cloudFrontSample(random, { isCustom: false }),
  (random) => cloudCdnSample(random),
]
const ENCODED: readonly AnySample[] = [
  (random) => s3Sample(random, { operation: 'GET' }),
  (random) => gcsSample(random, { action: 'read' }),
  (random) => azureSample(random, { kind: 'blob' }),
]

function textFault(
  code: Fault['code'],
  name: FaultName,
  samples: readonly AnySample[],
  change: (url: string, random: Random) => string,
): Fault {
  return {
    code,
    ...namedFault(name),
    count: 12,
    make: async (random, index) => {
      const sample = await (samples[index % samples.length] as AnySample)(random)
      const broken = withUrl(sample.request, (url) => change(url, random))
      return given(broken, sample, random)
    },
  }
}

/** As a bare URL, or as a request, with or without the key. */
function given(request: Sample['request'], sample: Sample, random: Random): CaseInput {
  const form = random.int(0, 2)
  if (form === 0) return { request: request.url, now: NOW }
  return { request, now: NOW, ...(form === 1 ? { keys: [sample.key] } : {}) }
}

const SIGNATURE = /((?:X-Amz-|X-Goog-)?Signature=|[?&]sig=)([^&]*)/

export const TEXT_FAULTS: readonly Fault[] = [
  textFault('url-html-escaped', 'copied from HTML source', LARGE, (url, random) =>
    url.replaceAll('&', random.pick(['&amp;', '&amp;', '&#38;'])),
  ),
  textFault('url-json-escaped', 'copied from JSON', LARGE, (url, random) => {
    const escaped = url.replaceAll('&', '\\u0026')
    return random.next() < 0.3 ? escaped.replaceAll('/', '\\/') : escaped
  }),
  textFault('url-double-encoded', 'encoded again', ENCODED, (url, random) =>
    random.pick([encodeURI, encodeURIComponent])(url),
  ),
  textFault('url-double-encoded', 'encoded whole', LARGE, (url) => encodeURIComponent(url)),
  textFault('url-truncated', 'cut at a column limit', LARGE, (url, random) => {
    const found = SIGNATURE.exec(url)
    const start = (found?.index ?? 0) + (found?.[1]?.length ?? 0)
    return url.slice(0, start + random.int(1, Math.min((found?.[2]?.length ?? 2) - 8, 36)))
  }),
  textFault(
    'url-truncated',
    'cut at an unquoted ampersand in a shell',
    [(random) => s3Sample(random, { sdk: 'aws-sdk', operation: 'GET' })],
    (url) => url.slice(0, url.indexOf('&')),
  ),
  textFault('url-line-broken', 'wrapped by a mail program', LARGE, (url, random) => {
    const width = random.pick([72, 76, 78])
    const lines = url.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
    return lines.join(random.pick(['\n', '\r\n', '\n  ', '\n> ']))
  }),
  textFault(
    'url-trailing-junk',
    'the end of the sentence around it',
    LARGE,
    (url, random) => url + random.pick([')', '.', '>', '",', ').', '&gt;', "'", ']']),
  ),
  textFault('url-invisible-character', 'from a word processor or chat', LARGE, (url, random) => {
    const at = random.int(12, url.length - 3)
    return random.next() < 0.6
      ? url.slice(0, at) + random.pick(['\u200b', '\u00ad', '\ufeff', '\u2060']) + url.slice(at)
      : `\u201c${url}\u201d`
  }),
  textFault(
    'url-question-mark',
    'parameters appended with a second question mark',
    ENCODED,
    (url, random) => `${url}?${random.pick(['download=1', 'v=3', 'raw=true'])}`,
  ),
  textFault(
    'url-question-mark',
    'a question mark in the name, not escaped',
    [
      (random) =>
        s3Sample(random, {
          sdk: random.pick(['aws-sdk', 'minio']),
          operation: 'GET',
          objectKey: 'what now?.pdf',
        }),
    ],
    (url) => url.replace('%3F', '?'),
  ),
  textFault(
    'url-fragment',
    'a hash sign in the name, not escaped',
    [
      (random) =>
        s3Sample(random, {
          sdk: random.pick(['aws-sdk', 'minio']),
          operation: 'GET',
          objectKey: 'issue #7.pdf',
        }),
      (random) => gcsSample(random, { object: 'a#b.txt', action: 'read' }),
    ],
    (url) => url.replace('%23', '#'),
  ),
  textFault('signature-redacted', ['copied from a log', 24], LARGE, (url, random) =>
    url.replace(
      SIGNATURE,
      (_, name: string) =>
        name +
        random.pick(['REDACTED', '[redacted]', '***', '%5BREDACTED%5D', '<redacted>', 'xxxxx']),
    ),
  ),
  textFault(
    'tracker-parameters',
    'sent through a mailing tool',
    STRICT,
    (url, random) =>
      `${url}&${random.pick(['utm_source=newsletter&utm_medium=email', 'fbclid=IwAR0abc', 'gclid=Cj0KCQ', 'mc_cid=1a2b3c&mc_eid=9f8e7d', '_hsenc=p2ANqtz&_hsmi=2841', 'utm_campaign=spring%20sale'])}`,
  ),
  textFault(
    'parameter-doubled',
    'signed twice',
    [
      (random) => azureSample(random, { kind: 'blob' }),
      (random) => gcsSample(random, { action: 'read' }),
      (random) => cloudFrontSample(random, { isCustom: false }),
    ],
    (url) => {
      const query = url.slice(url.indexOf('?') + 1)
      return `${url}&${query}`
    },
  ),
  textFault(
    'url-truncated',
    'a token cut in the middle',
    [(random) => akamaiSample(random, { acl: '/vod/*' })],
    (url, random) => url.slice(0, -random.int(5, 40)),
  ),
  textFault('url-unrecognised', 'stripped of its query', LARGE, (url) =>
    url.slice(0, url.indexOf('?')),
  ),
  textFault('url-wrapped', 'rewritten by a mail filter or search engine', LARGE, (url, random) => {
    const inner = encodeURIComponent(url)
    return random.pick([
      `https://eur01.safelinks.protection.outlook.com/?url=${inner}&data=05%7C01&reserved=0`,
      `https://www.google.com/url?q=${inner}&sa=D&ust=1700000000`,
      `https://l.facebook.com/l.php?u=${inner}&h=AT0abc`,
    ])
  }),
  textFault('url-trailing-junk', 'a line of a log, or a Markdown link', LARGE, (url, random) =>
    random.pick([`GET ${url} HTTP/1.1`, `[report](${url})`, `<${url}>`, `wget "${url}"`]),
  ),
]
