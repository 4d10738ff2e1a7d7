/** Buckets that lie in a store of somebody else, under its own names. */
import { bytes, flag, integer, json, shape, table, text } from '../table.ts'

/** What is no secret of a mount, besides where it leads. */
export interface MountSettings {
  /** The CDN in front of it; nothing where there is none. */
  readonly cdn?: CdnSettings
}

/** Those whose URLs the server can sign. */
export const CDNS = ['cloudfront', 'cloud-cdn', 'media-cdn', 'bunny', 'akamai'] as const

export interface CdnSettings {
  readonly kind: (typeof CDNS)[number]
  /** What stands before the key of an object: `https://cdn.example.com/base`. */
  readonly url: string
  /** Of the key that signs: what the CDN knows it by; empty where it has no name for it. */
  readonly keyName: string
}

export const mounts = table('mounts', {
  bucket: text('bucket'),
  /** As it was given. No credential is in it. */
  url: text('url'),
  /** Where that leads, spelled one way and with a slash at its end, so that of two that overlap one begins with the other. */
  place: text('place'),
  isReadOnly: flag('is_read_only'),
  settings: json('settings', shape<MountSettings>()),
  /** Credentials and the keys of the CDN, sealed (core/keys/seal.ts). */
  sealedSecret: bytes('sealed_secret'),
  createdAt: integer('created_at'),
})

/** The uploads of the store behind slots. */
export const storeUploads = table('store_uploads', {
  /** Of the slot. */
  id: text('id'),
  storeId: text('store_id'),
})
