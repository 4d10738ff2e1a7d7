import { createUploadHandler, route } from '@hallpass/client/upload-handler'
import { hp, userOf } from '../../../hallpass.js'

export const POST = createUploadHandler({
  hp,
  routes: {
    avatar: route({
      types: ['image/*'],
      maxBytes: 5_000_000,
      overwrite: true,
      authorise: async (request) => {
        await hp.buckets.put({ name: 'pictures' })
        return { path: `pictures/${await userOf(request)}/avatar` }
      },
      onUploaded: ({ file }) => console.log(`${file.path} has ${file.size} bytes`),
    }),
  },
})
