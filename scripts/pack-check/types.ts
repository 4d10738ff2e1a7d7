/** Compiles a small user of the packages against their declarations, in both ways TypeScript finds packages. */
import { signingEntries } from './entries.ts'
import type { Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

const SIGNING_USER = `
import { explain } from '@hallpass/signing'
import type { Explanation } from '@hallpass/signing/explain'
import { presignS3 } from '@hallpass/signing/s3'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const { url } = presignS3({
  method: 'GET',
  bucket: 'b',
  key: 'k',
  region: 'us-east-1',
  credentials,
  expiresInSeconds: 60,
})
export const explanation: Explanation = explain(url)
// @ts-expect-error A signer must be told what to sign.
presignS3({})
`
const CLIENT_USER = `
import { createHallpass, isHallpassError, pages } from '@hallpass/client'
import type { IssuedLink } from '@hallpass/client'
import { upload } from '@hallpass/client/upload'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'

const hp = createHallpass({ url: 'https://files.example.com', key: 'k' })
export const link: Promise<IssuedLink> = hp.links.create({ path: 'acme/a', expiresIn: 60 })
export async function count(): Promise<number> {
  let found = 0
  for await (const { files } of pages(hp.files.list, { folder: 'acme' })) found += files.length
  return found
}
export const POST: (request: Request) => Promise<Response> = createUploadHandler({
  hp,
  routes: { any: route({ authorise: () => ({ path: 'acme/a' }), onUploaded: ({ file }) => file.id }) },
})
export const up = upload(new Blob(), { endpoint: '/api/upload', route: 'any' })
export const isMissing = (error: unknown): boolean => isHallpassError(error, 'file-not-found')
// @ts-expect-error A life is a number of seconds.
hp.links.create({ path: 'acme/a', expiresIn: '60' })
// @ts-expect-error There is no such code.
isHallpassError(null, 'no-such-code')
`
const SERVER_USER = `
import { startServer } from '@hallpass/server'
import type { RunningServer } from '@hallpass/server'

export const server: Promise<RunningServer> = startServer({ dataDir: 'data', port: 0 })
// @ts-expect-error A port is a number.
export const wrong: Promise<RunningServer> = startServer({ dataDir: 'data', port: '0' })
`
const RESOLUTIONS = [
  { moduleResolution: 'nodenext', module: 'nodenext' },
  { moduleResolution: 'bundler', module: 'esnext' },
] as const
/** The library is for every runtime, so its declarations need nothing of Node. */
const USERS = [
  { name: 'signing', types: [] as string[], lib: ['es2024', 'dom'] },
  { name: 'client', types: [] as string[], lib: ['es2024', 'dom'] },
  { name: 'server', types: ['node'], lib: ['es2024'] },
] as const

export function checkTypes(project: Project): Outcome[] {
  const entries = signingEntries(project)
  const all = entries.map((entry, index) => `export * as entry${index} from '${entry}'\n`).join('')
  project.write('user-signing.ts', SIGNING_USER + all)
  project.write('user-client.ts', CLIENT_USER)
  project.write('user-server.ts', SERVER_USER)
  return RESOLUTIONS.flatMap((resolution) =>
    USERS.map(({ name, types, lib }) => {
      const compilerOptions = {
        ...resolution,
        types,
        lib,
        target: 'es2024',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      }
      const config = `tsconfig.${name}.json`
      project.write(config, JSON.stringify({ compilerOptions, files: [`user-${name}.ts`] }))
      const answer = project.run('npx', ['--no', '--', 'tsc', '--project', config])
      const problem = answer.status === 0 ? null : problemOf(answer)
      return { name: `types of ${name}, ${resolution.moduleResolution}`, problem }
    }),
  )
}
