/**
 * Services that deliver images and video.
 *
 * @module
 */
import { parseEpochSeconds } from '../facts/detection.ts'
import type { Life, Parts, Scheme } from './scheme.ts'
import { MD5, endless, has, onHost, onPath, until, value } from './scheme.ts'

const DELIVERY = /(?<=\/)s--(?:[\w-]{8}|[\w-]{32})--(?=\/)/g

export const cloudinary: Scheme<'cloudinary'> = {
  name: 'cloudinary',
  title: 'Cloudinary signed URL',
  matches: onPath(/\/s--(?:[\w-]{8}|[\w-]{32})--\//),
  life: endless,
  secrets: [],
  secretInPath: DELIVERY,
}

export const cloudinaryApi: Scheme<'cloudinary'> = {
  name: 'cloudinary',
  title: 'Cloudinary API URL',
  matches: has('api_key', 'signature', 'timestamp'),
  life: ({ values }) => cloudinaryLife(values),
  secrets: ['signature', 'api_key'],
  needed: ['api_key', 'timestamp', 'signature'],
  signsQuery: true,
}

/** The API takes a signature for an hour, or until `expires_at`. */
function cloudinaryLife(values: ReadonlyMap<string, string>): Life {
  const startsAt = parseEpochSeconds(values.get('timestamp'))
  const end = parseEpochSeconds(values.get('expires_at'))
  const hourLater = startsAt === null ? null : new Date(startsAt.getTime() + 3_600_000)
  return { startsAt, expiresAt: end ?? hourLater }
}

export const imgix: Scheme<'imgix'> = {
  name: 'imgix',
  title: 'Imgix URL',
  matches: value('s', /^[0-9a-f]{32}$/),
  life: until('expires'),
  secrets: ['s'],
  signsQuery: true,
  weakness: MD5,
}

export const imagekit: Scheme<'imagekit'> = {
  name: 'imagekit',
  title: 'ImageKit URL',
  matches: value('ik-s', /^[0-9a-f]{40}$/),
  life: imageKitLife,
  secrets: ['ik-s'],
  signsQuery: true,
}

/** `9999999999` is ImageKit's word for no end. */
function imageKitLife({ values }: Parts): Life {
  const end = values.get('ik-t')
  return end === undefined || end === '9999999999'
    ? { isEndless: true }
    : { expiresAt: parseEpochSeconds(end) }
}

export const cloudflareImages: Scheme<'cloudflare-images'> = {
  name: 'cloudflare-images',
  title: 'Cloudflare Images URL',
  matches: onHost(/(?:^|\.)imagedelivery\.net$/i, has('sig')),
  life: until('exp'),
  secrets: ['sig'],
  signsQuery: true,
}
