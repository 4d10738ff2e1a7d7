/** The way of somebody who signs in with OpenID Connect, up to where the provider sends them back. */
import { locationOf } from './plain-browser.ts'
import type { PlainBrowser } from './plain-browser.ts'

/** What the groups of the provider may do, for `oidcGroups`. */
export const GROUPS = [
  {
    group: 'file-admins',
    actions: ['read', 'write', 'delete', 'list', 'share', 'publish', 'admin'],
  },
  { group: 'support', actions: ['read', 'list'], pathPrefix: 'acme/' },
]

/** `url` is the server's. As far as the address of the console that the provider sends the browser back to. */
export async function goToProvider(
  url: string,
  browser: PlainBrowser,
  login: string,
): Promise<string> {
  const start = `${url}/-/console/openid`
  let at = locationOf(await browser.send(start), start)
  for (let steps = 0; steps < 12; steps += 1) {
    if (at.startsWith(`${url}/`)) return at
    const answer = await browser.send(at)
    if (answer.status === 200) {
      const page = await answer.text()
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? ''
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
      at = locationOf(
        await browser.send(new URL(action, at).href, {
          form: { prompt, ...(prompt === 'login' && { login, password: 'any' }) },
        }),
        at,
      )
    } else at = locationOf(answer, at)
  }
  throw new Error(`The provider leads in circles: ${at}`)
}
