/**
 * Services whose URLs or headers carry a signature or a token: chats, functions, queues, stores, HTTP itself.
 *
 * @module
 */
import { headerValue, parseEpochSeconds } from '../facts/detection.ts'
import { parseObservedQuery } from '../facts/observed-url.ts'
import type { Life, Parts, Scheme } from './scheme.ts'
import { endless, fromHexSeconds, has, inHeader, onHost, onPath, untold, value } from './scheme.ts'

export const discord: Scheme<'discord'> = {
  name: 'discord',
  title: 'Discord attachment URL',
  matches: has('ex', 'is', 'hm'),
  life: ({ values }) => ({
    startsAt: fromHexSeconds(values.get('is')),
    expiresAt: fromHexSeconds(values.get('ex')),
  }),
  secrets: ['hm'],
  needed: ['ex', 'is', 'hm'],
  signature: { name: 'hm', minLength: 64 },
}

const WEBHOOK = /^\/(?:api\/)?webhooks\/\d{15,22}\/[\w-]{40,100}/

export const discordWebhook: Scheme<'discord'> = {
  name: 'discord',
  title: 'Discord webhook',
  matches: onHost(/(?:^|\.)discord(?:app)?\.com$/i, onPath(WEBHOOK)),
  life: endless,
  secrets: [],
  secretInPath: /(?<=\/\d{15,22}\/)[\w-]{40,100}/g,
}

export const slack: Scheme<'slack'> = {
  name: 'slack',
  title: 'Slack webhook',
  matches: onHost(/^hooks\.slack\.com$/i, () => true),
  life: endless,
  secrets: [],
  secretInPath: /(?<=\/)[A-Za-z0-9]{16,64}$/g,
}

export const azureFunctions: Scheme<'azure-functions'> = {
  name: 'azure-functions',
  title: 'Azure Functions URL',
  matches: value('code', /^[\w+/=-]{40,80}$/),
  life: endless,
  secrets: ['code'],
}

export const logicApps: Scheme<'logic-apps'> = {
  name: 'logic-apps',
  title: 'Logic Apps trigger URL',
  matches: ({ url, values }) =>
    values.has('sig') && /\/triggers\/[^/]+\/paths\/invoke/.test(url.path),
  life: ({ values }) => {
    const end = new Date(values.get('se') ?? '')
    return Number.isNaN(end.getTime()) ? { isEndless: true } : { expiresAt: end }
  },
  secrets: ['sig'],
  needed: ['api-version', 'sp', 'sv', 'sig'],
}

const TOKEN = /^\s*SharedAccessSignature\s+/i

/** The fields of a token of Service Bus, Event Hubs, IoT Hub and their kin, in a header or in the query. */
function busToken({ request, values }: Parts): ReadonlyMap<string, string> | null {
  const header = headerValue(request, 'authorization') ?? ''
  const inHeaders = TOKEN.test(header)
    ? new Map(
        parseObservedQuery(header.slice(0, 8192).replace(TOKEN, '')).map(
          ({ name, value: text }) => [name.toLowerCase(), text],
        ),
      )
    : null
  const found = inHeaders ?? values
  const isToken = found.has('sr') && found.has('sig') && /^\d{9,12}$/.test(found.get('se') ?? '')
  return isToken ? found : null
}

function busLife(parts: Parts): Life {
  return { expiresAt: parseEpochSeconds(busToken(parts)?.get('se')) }
}

export const serviceBus: Scheme<'service-bus'> = {
  name: 'service-bus',
  title: 'shared access signature for Azure Service Bus, Event Hubs or IoT Hub',
  matches: (parts) => busToken(parts) !== null,
  life: busLife,
  secrets: ['Authorization', 'sig'],
  keyId: (parts) => busToken(parts)?.get('skn') ?? null,
}

const GRID = /^\s*r=/i

export const eventGrid: Scheme<'event-grid'> = {
  name: 'event-grid',
  title: 'token for Azure Event Grid',
  matches: inHeader('aeg-sas-token', GRID),
  life: ({ request }) => {
    const [, text = ''] =
      /[&?]e=([^&]{6,60})/.exec(headerValue(request, 'aeg-sas-token') ?? '') ?? []
    const end = new Date(
      `${decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'))} UTC`,
    )
    return { expiresAt: end }
  },
  form: 'header',
  secrets: ['aeg-sas-token'],
}

const ORACLE = /^\/p\/[\w-]{20,120}\/n\//

export const oracle: Scheme<'oracle'> = {
  name: 'oracle',
  title: 'Oracle pre-authenticated request',
  matches: onPath(ORACLE),
  life: untold,
  secrets: [],
  secretInPath: /(?<=^\/p\/)[\w-]{20,120}(?=\/n\/)/g,
}

export const b2: Scheme<'b2'> = {
  name: 'b2',
  title: 'Backblaze B2 download URL',
  matches: onHost(/(?:^|\.)backblazeb2\.com$/i, has('authorization')),
  life: untold,
  secrets: ['Authorization'],
}

export const github: Scheme<'github'> = {
  name: 'github',
  title: 'GitHub raw URL',
  matches: onHost(/^raw\.githubusercontent\.com$/i, has('token')),
  life: untold,
  secrets: ['token'],
}

/** [RFC9421 4.1, 4.2]: the parameters stand in one header, the signatures in another. */
export const httpSignatures: Scheme<'http-signatures'> = {
  name: 'http-signatures',
  title: 'HTTP message signature',
  matches: inHeader('signature-input', /^\s*[a-z*][\w.*-]{0,60}\s*=\s*\(/),
  life: ({ request }) => {
    const input = headerValue(request, 'signature-input') ?? ''
    const at = (name: string): Date | null =>
      parseEpochSeconds(new RegExp(`;${name}=(\\d{1,12})`).exec(input)?.[1])
    return { startsAt: at('created'), expiresAt: at('expires') }
  },
  form: 'header',
  secrets: ['Signature'],
  keyId: ({ request }) =>
    /;keyid="([^"]{1,200})"/.exec(headerValue(request, 'signature-input') ?? '')?.[1] ?? null,
}
