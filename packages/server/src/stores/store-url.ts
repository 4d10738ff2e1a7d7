/** What the addresses of all stores have in common: `SCHEME://NAME/PREFIX?…`. What they are given is not repeated in what they throw. */

export interface StoreUrl<Parameter extends string> {
  /** Of the bucket or the account. */
  readonly host: string
  /** As it was written: a URL parser folds dot segments. */
  readonly path: string
  readonly parameters: Readonly<Record<Parameter, string | null>>
}

/** How such an address looks, for people and for reading it. */
export interface StoreUrlForm<Parameter extends string> {
  readonly scheme: string
  /** `s3://BUCKET/PREFIX?…` */
  readonly example: string
  readonly parameters: readonly Parameter[]
}

/** Throws an `Error` whose message goes on from the name of the setting. */
export function readStoreUrl<Parameter extends string>(
  text: string,
  { scheme, example, parameters }: StoreUrlForm<Parameter>,
): StoreUrl<Parameter> {
  const url = URL.parse(text)
  if (url === null || url.protocol !== `${scheme}:`) throw new Error(`must be ${example}`)
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '') {
    throw new Error(
      'must hold no credentials, no port and no fragment: credentials have settings of their own',
    )
  }
  return {
    host: url.hostname,
    path: /^[^:]*:\/\/[^/?#]*([^?#]*)/.exec(text)?.[1] ?? '',
    parameters: readParameters(url, parameters),
  }
}

function readParameters<Parameter extends string>(
  { searchParams }: URL,
  known: readonly Parameter[],
): Readonly<Record<Parameter, string | null>> {
  for (const name of searchParams.keys()) {
    if (!known.some((parameter) => parameter === name)) {
      throw new Error(`has the parameter ${name.slice(0, 40)}; known are ${known.join(', ')}`)
    }
    if (searchParams.getAll(name).length > 1) throw new Error(`says ${name} twice`)
  }
  const entries = known.map((name) => [name, searchParams.get(name)] as const)
  return Object.fromEntries(entries) as Record<Parameter, string | null>
}

/** Of every key: empty, or with a slash at its end. */
export function parsePrefix(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  for (const segment of segments) {
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(segment) || /^\.+$/.test(segment)) {
      throw new Error('has a prefix with more in it than letters, digits, dots, dashes and slashes')
    }
  }
  return segments.map((segment) => `${segment}/`).join('')
}

export function parseEndpoint(text: string): string {
  // Parsers drop line ends and blanks, and whoever writes the text down does not.
  const url = /^[!-~]+$/.test(text) ? URL.parse(text) : null
  const isUsable =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  if (!isUsable) throw new Error('has an endpoint that is not http(s)://HOST:PORT')
  return text.replace(/\/+$/, '')
}

export function parseMatching(text: string, pattern: RegExp, name: string): string {
  if (pattern.test(text)) return text
  throw new Error(`has a ${name} that cannot be one`)
}
