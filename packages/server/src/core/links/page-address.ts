/** Where a browser may be sent once its form was taken: an address of a page, written as it will be read. */

// A URL that is parsed drops tabs and line ends: another address than was written, and signed.
// oxlint-disable-next-line no-control-regex -- control bytes are what it looks for
const CONTROL = /[\0-\u001F\u007F]/

/** `null` for what is no absolute http or https, names a user or a password, or holds a control byte. */
export function parsePageAddress(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || CONTROL.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.username === '' && url.password === '' ? url : null
}
