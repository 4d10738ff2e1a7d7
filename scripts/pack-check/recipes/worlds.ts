/** The world of each recipe, by the name of its page. */
import { generateKeyPairSync } from 'node:crypto'
import { withDelegation } from './azure.ts'
import { withKeyFile, withSignBlob } from './google.ts'
import { withNginx } from './nginx.ts'
import { withObjectStore } from './object-store.ts'
import type { MakeWorld } from './recipe.ts'
import { prints } from './recipe.ts'

/** Three requests: the link, the link for another file, no link. */
const OPENS_ONE_FILE = prints(
  /^200 the bytes of \/files\/acme\/a b\.pdf\n403 \{"error":"signature-mismatch"\}\n403 \{"error":"\S+"\}\n$/,
)

const withLinkSecret: MakeWorld = async () => ({
  env: { LINK_SECRET: 'nobody else knows this' },
  judge: OPENS_ONE_FILE,
})

const withCloudFrontKey: MakeWorld = async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return {
    env: {
      CLOUDFRONT_KEY_PAIR_ID: 'K2JCJMDEHXQW5F',
      // As secret stores keep it: in one line.
      CLOUDFRONT_PRIVATE_KEY: pem.replaceAll('\n', '\\n'),
    },
    judge: prints(
      /^(?:CloudFront-\S+=\S+; \S.*\n){3,4}https:\/\/media\.example\.com\/course-7\/\*\n$/,
    ),
  }
}

const withBunnyKey: MakeWorld = async () => ({
  env: { BUNNY_TOKEN_KEY: 'a key of the pull zone' },
  judge: prints(
    /^https:\/\/acme\.b-cdn\.net\/bcdn_token=\S+\/course-7\/master\.m3u8\n\/course-7\/720p\/part-001\.ts \/course-7\/\n$/,
  ),
})

const inPino: MakeWorld = async () => ({
  env: {},
  judge(printed) {
    const lines = printed.trim().split('\n')
    const leaks = lines.filter((line) => /3e75522318d9|c2lnbmF0dXJl/.test(line))
    const isWhole = lines.length === 4 && lines.every((line) => line.includes('[redacted]'))
    return isWhole && leaks.length === 0 ? null : printed
  },
})

export const WORLDS: Readonly<Record<string, MakeWorld>> = {
  's3-download': withObjectStore(
    prints(
      /^200 attachment; filename="[^"]+"; filename\*=UTF-8''Bericht%20f%C3%BCr%20Z%C3%BCrich\.pdf\n$/,
    ),
  ),
  's3-upload': withObjectStore(prints(/^200\n400\n$/)),
  's3-form': withObjectStore(prints(/^201\n400\n$/)),
  'verify-in-hono': withLinkSecret,
  'verify-in-express': withLinkSecret,
  'gcs-key-file': withKeyFile,
  'gcs-sign-blob': withSignBlob,
  'azure-directory': withDelegation,
  'cloudfront-cookies': withCloudFrontKey,
  'bunny-directory': withBunnyKey,
  nginx: withNginx,
  'redact-in-pino': inPino,
}
