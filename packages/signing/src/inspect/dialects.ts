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
import { createSchemeDialect } from './schemes/scheme-dialect.ts'
import { SCHEMES } from './schemes/schemes.ts'
import type { SchemeName } from './schemes/schemes.ts'

/** The dialects with a folder of their own in all wings, by the name of that folder and of their entry. */
export type OwnName =
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

/** The schemes that are computed here. */
export type VerifiedName = OwnName | 'laravel' | 'imgix' | 'oss' | 'cos' | 'http-signatures'

/** The signing schemes, by name: those that are computed here, and those that are only recognised. */
export type DialectName = OwnName | SchemeName

const REGISTRY: { readonly [Name in OwnName]: Dialect<Name> } = {
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

/** In this order: whatever is computed here is told before what is only recognised. */
export const DIALECTS: readonly Dialect<DialectName>[] = [
  ...Object.values(REGISTRY),
  ...SCHEMES.map((scheme) => createSchemeDialect(scheme)),
]

export const DIALECT_NAMES: readonly DialectName[] = [...new Set(DIALECTS.map(({ name }) => name))]
