/** `GET /v1/connection`: how this request came here, for whoever sets up a proxy. */
import { Type } from 'typebox'
import { reachOf } from '../../../core/reach.ts'
import { peerAddress } from '../../../http/capture-request.ts'
import { defineOperation } from '../operation.ts'
import { named, strictObject } from '../schemas.ts'

const ReachSchema = Type.Union(
  [Type.Literal('machine'), Type.Literal('network'), Type.Literal('anybody')],
  {
    description:
      'Who can follow its links, by its name: nobody but this machine, whoever is in the same network, or anybody.',
  },
)

const ConnectionSchema = named(
  'Connection',
  strictObject(
    {
      address: Type.String({ description: 'Whom the server takes the sender for.' }),
      peer: Type.String({
        description: 'Who is at the other end of the connection: a proxy, or the sender.',
      }),
      host: Type.Union([Type.String(), Type.Null()], { description: 'The `Host` that arrived.' }),
      forwardedBy: Type.Array(Type.String(), {
        description: 'Headers in which a proxy says for whom it asks, by their names.',
      }),
      publicUrl: Type.String(),
      filesUrl: Type.String(),
      region: Type.String({ description: 'What clients of S3 at `filesUrl` are told.' }),
      reach: ReachSchema,
    },
    'One request, as the server sees it.',
  ),
)

/** Where proxies say for whom they ask. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'cf-connecting-ip'] as const

export const getConnection = defineOperation({
  id: 'getConnection',
  method: 'GET',
  path: '/v1/connection',
  tag: 'Service',
  summary: 'See as whom the server sees you',
  description:
    'Where `forwardedBy` names a header and `address` is `peer` all the same, a proxy stands before the server that `trustedProxies` does not name: everybody then looks like that proxy.',
  access: 'key',
  bodyKind: 'none',
  answers: { 200: ConnectionSchema },
  handle: async ({ core: { publicUrl, filesUrl, region }, principal, request }) => ({
    status: 200,
    body: {
      address: principal.clientIp,
      peer: peerAddress(request.socket),
      host: request.headers.host ?? null,
      forwardedBy: FORWARDING.filter((name) => request.headers[name] !== undefined),
      publicUrl,
      filesUrl,
      region,
      reach: reachOf(filesUrl),
    },
  }),
})
