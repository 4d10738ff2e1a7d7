/**
 * The dialects in the order `detect` asks them: those with unmistakable parameter names first.
 *
 * @module
 */
import { decodeAkamai } from './dialects/akamai/decode.ts'
import { decodeAzure } from './dialects/azure/decode.ts'
import { decodeBunny } from './dialects/bunny/decode.ts'
import { decodeCloudCdn } from './dialects/cloud-cdn/decode.ts'
import { decodeCloudflare } from './dialects/cloudflare/decode.ts'
import { decodeCloudFront } from './dialects/cloudfront/decode.ts'
import { decodeEdgio } from './dialects/edgio/decode.ts'
import { decodeGcs } from './dialects/gcs/decode.ts'
import { decodeMediaCdn } from './dialects/media-cdn/decode.ts'
import { decodeNginx } from './dialects/nginx/decode.ts'
import { decodeS3 } from './dialects/s3/decode.ts'
import { decodeSwift } from './dialects/swift/decode.ts'
import type { Decoder } from './facts/dialect-facts.ts'

export const DECODERS: readonly Decoder[] = [
  decodeS3,
  decodeGcs,
  decodeAzure,
  decodeCloudFront,
  decodeMediaCdn,
  decodeCloudCdn,
  decodeSwift,
  decodeAkamai,
  decodeBunny,
  decodeNginx,
  decodeEdgio,
  decodeCloudflare,
]
