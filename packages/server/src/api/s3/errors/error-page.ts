/** What a person sees whose browser opens a link that does not work (any more): a sentence instead of XML. */
import type { S3Error } from './s3-error.ts'
import { escapeXml } from '../answers/xml.ts'

const STYLE =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.4rem}small{opacity:.7}'

/** No script runs, nothing is loaded, nobody may frame it. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function formatPage(title: string, paragraphs: readonly string[], note: string): string {
  const text = paragraphs.map((paragraph) => `<p>${escapeXml(paragraph)}</p>`).join('')
  const heading = escapeXml(title)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${heading}</title><style>${STYLE}</style><h1>${heading}</h1>${text}<p><small>${escapeXml(note)}</small></p></html>\n`
}

export function formatErrorPage(error: S3Error, requestId: string): string {
  const [title, advice] = wording(error)
  return formatPage(title, [advice], `${error.status} ${error.code} · request ${requestId}`)
}

function wording({ status, code, message }: S3Error): readonly [title: string, advice: string] {
  const askAgain = 'Ask whoever sent it to you for a new one.'
  if (message === 'Request has expired') return ['This link has expired', askAgain]
  if (status === 410) return ['This link has been used', askAgain]
  if (code === 'SignatureDoesNotMatch') {
    return ['This link is damaged', `Part of the address was changed or cut off. ${askAgain}`]
  }
  if (status === 403) return ['This link does not work', `You may not see this file. ${askAgain}`]
  if (status === 404) return ['There is nothing here', 'The file was moved or deleted.']
  if (status >= 500) return ['Something went wrong', 'Please try again in a moment.']
  return ['This link does not work', 'The address is not complete or not correct.']
}

/** True for a person's browser following a link: it asks for HTML, and sends no credentials of an S3 client. */
export function wantsPage(method: string, accept: string | null, hasCredentials: boolean): boolean {
  return method === 'GET' && !hasCredentials && accept !== null && accept.includes('text/html')
}
