/** Who may upload what, and see what: the same whatever server answers. */
import process from 'node:process'
import { createHallpass } from '@hallpass/client'
import { createLinkHandler } from '@hallpass/client/link-handler'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'

const hp = createHallpass({
  url: process.env['HALLPASS_URL'] ?? 'http://localhost:8787',
  key: process.env['HALLPASS_API_KEY'],
})
await hp.buckets.put({ name: 'pictures' })

/** Stands for your sessions: whoever comes is this user. */
async function userOf(_request: Request): Promise<string> {
  return 'ada'
}

export const uploads: (request: Request) => Promise<Response> = createUploadHandler({
  hp,
  routes: {
    avatar: route({
      types: ['image/*'],
      maxBytes: 5_000_000,
      overwrite: true,
      authorise: async (request) => ({ path: `pictures/${await userOf(request)}/avatar` }),
      onUploaded: ({ file }) => console.log(`${file.path} has ${file.size} bytes`),
    }),
  },
})

export const links: (request: Request) => Promise<Response> = createLinkHandler({
  hp,
  authorise: async (request, { path }) =>
    path === `pictures/${await userOf(request)}/avatar`
      ? { path, expiresIn: 300, disposition: 'inline' }
      : null,
})
