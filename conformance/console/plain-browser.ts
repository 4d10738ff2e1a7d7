/**
 * A browser without a window or scripts: it keeps cookies for each origin, and follows nothing by itself. Each request is a connection of
 * its own, which any process of a server may get.
 */

export interface PlainBrowser {
  send(url: string, options?: SendOptions): Promise<Response>
  cookies(url: string): ReadonlyMap<string, string>
  /** As somebody could who can write cookies there. */
  plant(url: string, name: string, value: string): void
}

export interface SendOptions {
  readonly method?: string
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export function openPlainBrowser(): PlainBrowser {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string): Map<string, string> => {
    const { origin } = new URL(url)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }
  return {
    async send(url, { method, form, headers = {} } = {}) {
      const jar = jarOf(url)
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(url, {
        method: method ?? (form === undefined ? 'GET' : 'POST'),
        redirect: 'manual',
        headers: { connection: 'close', ...(cookie !== '' && { cookie }), ...headers },
        ...(form !== undefined && { body: new URLSearchParams(form) }),
      })
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split('; ')
        const [name = '', value = ''] = pair.split('=', 2)
        const isGone = attributes.some((text) =>
          /^(?:max-age=0|expires=thu, 01 jan 1970)/i.test(text),
        )
        if (isGone) jar.delete(name)
        else jar.set(name, value)
      }
      return response
    },
    cookies: (url) => jarOf(url),
    plant: (url, name, value) => void jarOf(url).set(name, value),
  }
}

/** Where an answer leads; fails where it leads nowhere. */
export function locationOf(response: Response, from: string): string {
  const location = response.headers.get('location')
  if (location === null) throw new Error(`${from} answers ${response.status} and leads nowhere.`)
  return new URL(location, from).href
}
