import { createLinkHandler } from '@hallpass/client/link-handler'
import { hp, userOf } from '../../../hallpass.js'

export const POST = createLinkHandler({
  hp,
  authorise: async (request, { path }) =>
    path === `pictures/${await userOf(request)}/avatar`
      ? { path, expiresIn: 300, disposition: 'inline' }
      : null,
})
