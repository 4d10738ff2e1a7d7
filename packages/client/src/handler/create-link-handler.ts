/** The application's side of signed URLs: it says who may see which file, and for how long. */
import type { Hallpass } from '../create-hallpass.ts'
import type { LinkRequest } from '../generated/api.ts'
import { HallpassError } from '../hallpass-error.ts'
import type { FetchedLink } from '../link.ts'
import { answer, refuse } from './answer.ts'
import { invalid, readJson } from './read-call.ts'

export interface LinkHandlerOptions {
  /** With a key that may read and share the files. */
  readonly hp: Pick<Hallpass, 'links'>
  /**
   * What link whoever asks may have: `null` for none. `path` is what the page asks for, and a stranger's word: look whether the user may see that
   * very file. A `Response` that is thrown is the answer.
   */
  readonly authorise: (
    request: Request,
    asked: { readonly path: string },
  ) => Promise<LinkRequest | null> | LinkRequest | null
}

/**
 * ```ts
 * export const POST = createLinkHandler({
 *   hp,
 *   authorise: async (request, { path }) =>
 *     path.startsWith(`users/${await userOf(request)}/`) ? { path, expiresIn: 300, disposition: 'inline' } : null,
 * })
 * ```
 */
export function createLinkHandler({
  hp,
  authorise,
}: LinkHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const { path } = await readJson(request)
      if (typeof path !== 'string') throw invalid('path', 'it must be the path of a file')
      const wish = await authorise(request, { path })
      if (wish === null) {
        const message = 'You may not see this file.'
        throw new HallpassError({ code: 'not-allowed', message, status: 403 })
      }
      const { url, expiresAt } = await hp.links.create(wish)
      const expiresIn = Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / 1000))
      return answer(200, { url, expiresIn } satisfies FetchedLink)
    } catch (error) {
      return refuse(error)
    }
  }
}
