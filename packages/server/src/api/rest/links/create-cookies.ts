/** `POST /v1/cookies`: signed cookies of the CDN before a mounted bucket, for all that lies in a folder. */
import { Type } from 'typebox'
import { issueCookies } from '../../../core/links/issue-cookies.ts'
import { parseFolderPath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { Id, Path, Time, named, strictObject } from '../schemas.ts'
import { LinkRequest } from './link-request.ts'
import { AskedTerms } from './link-terms.ts'

const CookieRequest = named(
  'CookieRequest',
  strictObject({
    path: Path,
    expiresIn: LinkRequest.properties.expiresIn,
    ip: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'The IPv4 address or network from which alone they work.',
      }),
    ),
    domain: Type.Optional(
      Type.String({
        maxLength: 253,
        pattern: '^[a-z0-9-]+(?:\\.[a-z0-9-]+)+$',
        description:
          'The host of the CDN, or one above it that your application shares with it: `example.com` for `cdn.example.com`. Every host below it gets the cookies. Left out, they are for the host that sets them alone.',
      }),
    ),
    sameSite: Type.Optional(
      Type.Union([Type.Literal('Strict'), Type.Literal('Lax'), Type.Literal('None')], {
        description:
          'Lax unless said otherwise: a page of another site loads nothing with them. None lets every page do.',
      }),
    ),
    label: AskedTerms.label,
    reason: AskedTerms.reason,
  }),
)

const IssuedCookiesSchema = named(
  'IssuedCookies',
  strictObject(
    {
      id: Id,
      resource: Type.String({ description: 'What they open; the star stands for any end.' }),
      cookies: Type.Record(Type.String(), Type.String(), { description: 'Names and values.' }),
      setCookie: Type.Array(Type.String(), {
        description:
          'The same as whole values of `Set-Cookie`, for your application to answer its user with.',
      }),
      expiresAt: Time,
      delivery: Type.Literal('direct', {
        description: 'Only `expiresAt` ends them, whatever becomes of their record.',
      }),
    },
    'Cookies that were issued. Their values are shown this once.',
  ),
)

export const createCookies = defineOperation({
  id: 'createCookies',
  method: 'POST',
  path: '/v1/cookies',
  tag: 'Links',
  summary: 'Issue cookies of a CDN for a folder',
  description:
    'For a folder of a mounted bucket with CloudFront before it, in which all delivery is `direct`: whoever has the cookies reads all that lies in it from the CDN, until they end. Nothing ends them earlier.',
  access: 'key',
  bodyKind: 'json',
  body: CookieRequest,
  answers: { 201: IssuedCookiesSchema },
  handle: async ({ core, context, principal, body }) => {
    const { path, expiresIn, ip, domain = null, sameSite = 'Lax', ...terms } = body
    const permit = await authorize(core, principal, 'share', parseFolderPath(path))
    const issued = await issueCookies(core, permit, {
      domain,
      sameSite,
      terms,
      ...(expiresIn !== undefined && { expiresInSeconds: expiresIn }),
      ...(ip !== undefined && { ips: [ip] }),
    })
    context.metrics.countLink('issued')
    const { id, resource, cookies, setCookie, expiresAt } = issued
    return {
      status: 201,
      headers: { location: `/v1/links/${id}` },
      body: {
        id,
        resource,
        cookies: { ...cookies },
        setCookie: [...setCookie],
        expiresAt: expiresAt.toISOString(),
        delivery: 'direct',
      },
    }
  },
})
