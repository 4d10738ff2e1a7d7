/**
 * Object stores and CDNs of Alibaba, Tencent, Huawei, Qiniu and Volcengine.
 *
 * @module
 */
import { headerValue, parseEpochSeconds } from '../facts/detection.ts'
import type { Life, Parts, Scheme } from './scheme.ts'
import { MD5, fromHexSeconds, has, idIn, inHeader, span, until, untold, value } from './scheme.ts'

export const ossV4: Scheme<'oss-v4'> = {
  name: 'oss-v4',
  title: 'Alibaba OSS V4 URL',
  matches: has('x-oss-signature'),
  life: span('x-oss-'),
  secrets: ['x-oss-signature', 'x-oss-security-token'],
  keyId: idIn('x-oss-credential'),
  needed: [
    'x-oss-signature-version',
    'x-oss-credential',
    'x-oss-date',
    'x-oss-expires',
    'x-oss-signature',
  ],
  signature: { name: 'x-oss-signature', minLength: 64 },
  signsQuery: true,
}

export const ossV1: Scheme<'oss'> = {
  name: 'oss',
  title: 'Alibaba OSS V1 URL',
  matches: has('ossaccesskeyid', 'signature'),
  life: until('expires'),
  secrets: ['Signature', 'security-token'],
  keyId: idIn('ossaccesskeyid'),
  needed: ['OSSAccessKeyId', 'Expires', 'Signature'],
  signature: { name: 'Signature', minLength: 28 },
}

export const ossHeader: Scheme<'oss-header'> = {
  name: 'oss-header',
  title: 'Alibaba OSS request',
  matches: inHeader('authorization', /^\s*OSS(?:4-HMAC-SHA256)? /),
  life: untold,
  form: 'header',
  secrets: ['Authorization'],
  keyId: ({ request }) =>
    /OSS(?:4-HMAC-SHA256 Credential=)? ?([A-Za-z0-9.]{8,64})[:/]/.exec(
      headerValue(request, 'authorization') ?? '',
    )?.[1] ?? null,
}

function cosLife(text: string): Life {
  const [start, end] = text.split(';')
  return { startsAt: parseEpochSeconds(start), expiresAt: parseEpochSeconds(end) }
}

export const cos: Scheme<'cos'> = {
  name: 'cos',
  title: 'Tencent COS URL',
  matches: has('q-signature', 'q-sign-time'),
  life: ({ values }) => cosLife(values.get('q-sign-time') ?? ''),
  secrets: ['q-signature', 'x-cos-security-token'],
  keyId: idIn('q-ak'),
  needed: [
    'q-sign-algorithm',
    'q-ak',
    'q-sign-time',
    'q-key-time',
    'q-header-list',
    'q-url-param-list',
    'q-signature',
  ],
  signature: { name: 'q-signature', minLength: 40 },
}

const cosField = ({ request }: Parts, name: string): string =>
  new RegExp(`${name}=([^&\\s]{1,200})`).exec(headerValue(request, 'authorization') ?? '')?.[1] ??
  ''

export const cosHeader: Scheme<'cos-header'> = {
  name: 'cos-header',
  title: 'Tencent COS request',
  matches: inHeader('authorization', /q-sign-algorithm=/),
  life: (parts) => cosLife(cosField(parts, 'q-sign-time')),
  form: 'header',
  secrets: ['Authorization'],
  keyId: (parts) => cosField(parts, 'q-ak') || null,
}

export const tos: Scheme<'tos'> = {
  name: 'tos',
  title: 'Volcengine TOS URL',
  matches: has('x-tos-signature'),
  life: span('x-tos-'),
  secrets: ['X-Tos-Signature', 'X-Tos-Security-Token'],
  keyId: idIn('x-tos-credential'),
  needed: ['X-Tos-Algorithm', 'X-Tos-Credential', 'X-Tos-Date', 'X-Tos-Expires', 'X-Tos-Signature'],
  signature: { name: 'X-Tos-Signature', minLength: 64 },
  signsQuery: true,
}

export const obs: Scheme<'obs'> = {
  name: 'obs',
  title: 'Huawei OBS URL',
  matches: has('accesskeyid', 'signature', 'expires'),
  life: until('expires'),
  secrets: ['Signature', 'x-obs-security-token'],
  keyId: idIn('accesskeyid'),
  needed: ['AccessKeyId', 'Expires', 'Signature'],
  signature: { name: 'Signature', minLength: 28 },
}

export const qiniu: Scheme<'qiniu'> = {
  name: 'qiniu',
  title: 'Qiniu download URL',
  matches: value('token', /^[\w-]{10,60}:[\w-]{27}=/),
  life: until('e'),
  secrets: ['token'],
  keyId: idIn('token'),
  needed: ['e', 'token'],
  signsQuery: true,
}

export const tencentLive: Scheme<'tencent-live'> = {
  name: 'tencent-live',
  title: 'Tencent live URL',
  matches: has('txsecret'),
  life: ({ values }) => ({ expiresAt: fromHexSeconds(values.get('txtime')) }),
  secrets: ['txSecret'],
  needed: ['txSecret', 'txTime'],
  weakness: MD5,
}

export const alibabaCdn: Scheme<'alibaba-cdn'> = {
  name: 'alibaba-cdn',
  title: 'Alibaba CDN URL',
  matches: value('auth_key', /^\d{10}-[\w]{1,40}-[\w]{1,20}-[0-9a-f]{32}$/i),
  life: ({ values }) => ({ startsAt: parseEpochSeconds(values.get('auth_key')?.slice(0, 10)) }),
  secrets: ['auth_key'],
  weakness: MD5,
}

export const signedCdn: Scheme<'tencent-cdn'> = {
  name: 'tencent-cdn',
  title: 'CDN URL of Tencent or Alibaba',
  matches: value('sign', /^(?:\d{10}-\w{1,100}-\w{1,20}-)?[0-9a-f]{32}$/i),
  life: ({ values }) => ({
    startsAt: parseEpochSeconds(/^\d{10}(?=-)/.exec(values.get('sign') ?? '')?.[0]),
  }),
  secrets: ['sign'],
  weakness: MD5,
}
