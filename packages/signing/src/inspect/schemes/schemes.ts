/**
 * The schemes that are recognised and not computed here, in the order in which a request is asked whether it is of one:
 * those with unmistakable names first.
 *
 * @module
 */
import { cdn77, fastly, keycdn } from './cdns.ts'
import {
  alibabaCdn,
  cos,
  cosHeader,
  obs,
  ossHeader,
  ossV1,
  ossV4,
  qiniu,
  signedCdn,
  tencentLive,
  tos,
} from './chinese-clouds.ts'
import { firebase, jwt, laravel, rails, railsMessage, supabase } from './frameworks.ts'
import { cloudflareImages, cloudinary, cloudinaryApi, imagekit, imgix } from './images.ts'
import type { Scheme } from './scheme.ts'
import {
  azureFunctions,
  b2,
  discord,
  discordWebhook,
  eventGrid,
  github,
  httpSignatures,
  logicApps,
  oracle,
  serviceBus,
  slack,
} from './services.ts'

/** The names of these schemes; more than one descriptor may have one. */
export type SchemeName =
  | 'oss'
  | 'oss-v4'
  | 'oss-header'
  | 'cos'
  | 'cos-header'
  | 'tos'
  | 'obs'
  | 'qiniu'
  | 'tencent-live'
  | 'alibaba-cdn'
  | 'tencent-cdn'
  | 'rails'
  | 'laravel'
  | 'supabase'
  | 'firebase'
  | 'jwt'
  | 'cloudinary'
  | 'imgix'
  | 'imagekit'
  | 'cloudflare-images'
  | 'fastly'
  | 'keycdn'
  | 'cdn77'
  | 'discord'
  | 'slack'
  | 'azure-functions'
  | 'logic-apps'
  | 'service-bus'
  | 'event-grid'
  | 'oracle'
  | 'b2'
  | 'github'
  | 'http-signatures'

export const SCHEMES: readonly Scheme<SchemeName>[] = [
  ossV4,
  ossV1,
  ossHeader,
  cos,
  cosHeader,
  tos,
  obs,
  qiniu,
  tencentLive,
  alibabaCdn,
  signedCdn,
  firebase,
  rails,
  cloudinary,
  cloudinaryApi,
  imagekit,
  imgix,
  cloudflareImages,
  discord,
  discordWebhook,
  slack,
  azureFunctions,
  logicApps,
  serviceBus,
  eventGrid,
  httpSignatures,
  oracle,
  b2,
  fastly,
  keycdn,
  cdn77,
  github,
  supabase,
  railsMessage,
  jwt,
  laravel,
]
