/**
 * The dialects, in the order in which a request is asked whether it belongs to one: those with unmistakable names first,
 * guesses by shape last.
 *
 * @module
 */
import { akamai } from './dialects/akamai/dialect.ts'
import { azure } from './dialects/azure/dialect.ts'
import { bunny } from './dialects/bunny/dialect.ts'
import { cloudCdn } from './dialects/cloud-cdn/dialect.ts'
import { cloudflare } from './dialects/cloudflare/dialect.ts'
import { cloudfront } from './dialects/cloudfront/dialect.ts'
import { edgio } from './dialects/edgio/dialect.ts'
import { gcs } from './dialects/gcs/dialect.ts'
import { mediaCdn } from './dialects/media-cdn/dialect.ts'
import { nginx } from './dialects/nginx/dialect.ts'
import { s3 } from './dialects/s3/dialect.ts'
import { swift } from './dialects/swift/dialect.ts'
import type { Dialect } from './facts/dialect-facts.ts'

/** The signing schemes, by the name of their folder and entry. */
export type DialectName =
  | 's3'
  | 'gcs'
  | 'azure'
  | 'cloudfront'
  | 'media-cdn'
  | 'cloud-cdn'
  | 'swift'
  | 'akamai'
  | 'bunny'
  | 'nginx'
  | 'edgio'
  | 'cloudflare'

const REGISTRY: { readonly [Name in DialectName]: Dialect<Name> } = {
  s3,
  gcs,
  azure,
  cloudfront,
  'media-cdn': mediaCdn,
  'cloud-cdn': cloudCdn,
  swift,
  akamai,
  bunny,
  nginx,
  edgio,
  cloudflare,
}

export const DIALECTS: readonly Dialect<DialectName>[] = Object.values(REGISTRY)

export const DIALECT_NAMES: readonly DialectName[] = DIALECTS.map(({ name }) => name)
