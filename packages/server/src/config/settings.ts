/**
 * Every setting of the server, as one table: its name in a config file, its environment variable, its flag,
 * how its text is read. docs/configuration.md describes the same list, and a test compares the two.
 */
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'
import { parseBlobsUrl, parseKeyIdOfStore, parseSecretOfStore } from './blobs-url.ts'
import { parseClamav } from './clamav-address.ts'
import { LOG_LEVELS } from '../platform/log.ts'
import type { LogLevel } from '../platform/log.ts'
import { parseCorsOrigins } from './cors-origins.ts'
import type { CorsOrigins } from './cors-origins.ts'
import type { UserRule } from '../core/users/user-rules.ts'
import type { GroupRule } from '../core/sessions/group-rules.ts'
import { parseOpenIdGroups, parseOpenIdScope } from './openid-groups.ts'
import { parseMasterKeySetting } from './master-key-list.ts'
import { parseTokenRules } from './token-rules.ts'
import {
  parseAudiences,
  parseAuthorizerUrl,
  parseIssuerUrl,
  parseKeysUrl,
  parseWebhookSecret,
} from './token-sources.ts'
import { parseDatabaseUrl } from './database-url.ts'
import {
  parseAccessKeyId,
  parseDomain,
  parseHost,
  parseLogLevel,
  parseNetworks,
  parsePublicUrl,
  parseRegion,
  parseSecret,
  parseSwitch,
  parseText,
  parseWhole,
} from './setting-texts.ts'

export interface SettingValues {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  /** `null`: made from the address the server listens on. */
  readonly publicUrl: string | null
  /** `null`: files are at the public URL too. */
  readonly filesUrl: string | null
  /** Buckets are also `BUCKET.domain`; `null`: in the path only. */
  readonly domain: string | null
  /** Proxies whose word on the client's address counts, as CIDR ranges; `null`: none. */
  readonly trustedProxies: readonly string[] | null
  /** Pages of other origins that may use signed URLs; `null`: none. */
  readonly corsOrigins: CorsOrigins | null
  /** `iss` of the tokens that end users come with; `null`: nobody does. */
  readonly tokenIssuer: string | null
  /** `aud` of such tokens: one of these. */
  readonly tokenAudience: readonly string[] | null
  /** Where their issuer publishes its keys (JWKS). */
  readonly tokenKeysUrl: string | null
  /** What end users may, by the claims of their tokens. */
  readonly tokenRules: readonly UserRule[] | null
  /** The application that is asked what the rules do not answer; `null`: what they do not answer is a no. */
  readonly authorizerUrl: string | null
  /** What those questions are signed with. */
  readonly authorizerSecret: Secret | null
  readonly region: string
  readonly adminKey: Secret | null
  readonly accessKeyId: string | null
  readonly secretAccessKey: Secret | null
  /** In place of a file in the data directory: the newest first; or a command that prints them. */
  readonly masterKey: Secret | null
  readonly masterKeyCommand: string | null
  readonly workers: number
  /** `sqlite:PATH` or a URL of PostgreSQL, which may hold a password; `null`: `catalog.db` in the data directory. */
  readonly databaseUrl: string | null
  /** Connections to PostgreSQL that one process has at most. */
  readonly databaseConnections: number
  /** Where files of more than 32 KiB lie, `s3://…`; `null`: `blobs` in the data directory. */
  readonly blobs: string | null
  /** Whose requests to that store they are; `null`: what its vendor's own chain finds. */
  readonly blobsAccessKeyId: string | null
  readonly blobsSecretAccessKey: Secret | null
  /** How many days it is kept what links and keys were used for. */
  readonly eventDays: number
  /** How many days it is kept who changed files and rights. */
  readonly auditDays: number
  /** The newest so many events are kept, whatever the days say; changes are kept beyond. */
  readonly maxEvents: number
  /** How many days the record of a link is kept once the link is over. */
  readonly linkDays: number
  /** Records of links that are over, further back than so many links, are not kept, whatever the days say. */
  readonly maxLinks: number
  /** The server signs its links with a new key after so many days; 0: only when it is told to. */
  readonly signingKeyDays: number
  /** Every blob is read again within so many days, to see whether it is what it was; 0: never. */
  readonly scrubDays: number
  /** For how long requests are still taken after a stop was asked for, while `/-/readyz` sends them elsewhere. */
  readonly drainSeconds: number
  /** Requests a second that one address, or one key, is answered; 0: any number. */
  readonly addressRequestsPerSecond: number
  readonly keyRequestsPerSecond: number
  /** Links that one key may have alive at once; an end user a tenth of it. */
  readonly linksPerKey: number
  /** Networks, as CIDR ranges, in which webhooks may be though they are not public; `null`: none. */
  readonly webhookNetworks: readonly string[] | null
  /** Networks, as CIDR ranges, in which stores of mounted buckets may be though they are not public; `null`: none. */
  readonly storeNetworks: readonly string[] | null
  /** Where ClamAV's daemon listens; `null`: nobody scans. */
  readonly clamav: string | null
  /** Who is asked whether a file may come in; `null`: nobody. */
  readonly verdictUrl: string | null
  readonly verdictSecret: Secret | null
  /** Who signs people in to the console with OpenID Connect; `null`: keys alone. */
  readonly oidcIssuer: string | null
  readonly oidcClientId: string | null
  /** `null`: a public client. */
  readonly oidcClientSecret: Secret | null
  /** What people may who are in one of its groups. */
  readonly oidcGroups: readonly GroupRule[] | null
  /** The claim that names the groups of somebody. */
  readonly oidcGroupsClaim: string
  /** What the provider is asked for. */
  readonly oidcScope: string
  /** Whether there is a console under `/-/console`. */
  readonly console: 'on' | 'off'
  readonly logLevel: LogLevel
}

export type SettingName = keyof SettingValues

/** Throws a plain `Error` whose message completes "HALLPASS_X … ". */
type Parse<Value> = (text: string) => Value

export interface Setting<Name extends SettingName = SettingName> {
  readonly env: string
  readonly flag: string
  /** What stands for the value in `--help`. */
  readonly placeholder: string
  readonly summary: string
  readonly isSecret: boolean
  readonly default: SettingValues[Name]
  readonly parse: Parse<SettingValues[Name]>
}

export const SETTINGS: { readonly [Name in SettingName]: Setting<Name> } = {
  dataDir: {
    env: 'HALLPASS_DATA_DIR',
    flag: '--data-dir',
    placeholder: 'DIR',
    summary: 'where files, catalog and keys live (default: ./data)',
    isSecret: false,
    default: 'data',
    parse: parseText,
  },
  host: {
    env: 'HALLPASS_HOST',
    flag: '--host',
    placeholder: 'ADDRESS',
    summary: 'address to listen on (default: 127.0.0.1)',
    isSecret: false,
    default: '127.0.0.1',
    parse: parseHost,
  },
  port: {
    env: 'HALLPASS_PORT',
    flag: '--port',
    placeholder: 'PORT',
    summary: 'port to listen on, 0 for any free one (default: 8787)',
    isSecret: false,
    default: 8787,
    parse: (text) => parseWhole(text, 0, 65_535),
  },
  publicUrl: {
    env: 'HALLPASS_PUBLIC_URL',
    flag: '--public-url',
    placeholder: 'URL',
    summary: 'how clients reach this server; every link is made with it',
    isSecret: false,
    default: null,
    parse: parsePublicUrl,
  },
  filesUrl: {
    env: 'HALLPASS_FILES_URL',
    flag: '--files-url',
    placeholder: 'URL',
    summary: 'a host of its own for files; links are made with it, the API stays at the public URL',
    isSecret: false,
    default: null,
    parse: parsePublicUrl,
  },
  domain: {
    env: 'HALLPASS_DOMAIN',
    flag: '--domain',
    placeholder: 'NAME',
    summary: 'take the bucket from the host name too: BUCKET.NAME',
    isSecret: false,
    default: null,
    parse: parseDomain,
  },
  trustedProxies: {
    env: 'HALLPASS_TRUSTED_PROXIES',
    flag: '--trusted-proxies',
    placeholder: 'LIST',
    summary: 'proxies that say where requests come from: addresses or CIDR ranges, commas between',
    isSecret: false,
    default: null,
    parse: parseNetworks,
  },
  corsOrigins: {
    env: 'HALLPASS_CORS_ORIGINS',
    flag: '--cors-origins',
    placeholder: 'LIST',
    summary: 'origins whose pages may use signed URLs, with commas between, or * (default: none)',
    isSecret: false,
    default: null,
    parse: parseCorsOrigins,
  },
  tokenIssuer: {
    env: 'HALLPASS_TOKEN_ISSUER',
    flag: '--token-issuer',
    placeholder: 'TEXT',
    summary: 'who signs the tokens that end users come with: their iss, letter by letter',
    isSecret: false,
    default: null,
    parse: parseText,
  },
  tokenAudience: {
    env: 'HALLPASS_TOKEN_AUDIENCE',
    flag: '--token-audience',
    placeholder: 'LIST',
    summary: 'whom those tokens are for: one of these is their aud, commas between',
    isSecret: false,
    default: null,
    parse: parseAudiences,
  },
  tokenKeysUrl: {
    env: 'HALLPASS_TOKEN_KEYS_URL',
    flag: '--token-keys-url',
    placeholder: 'URL',
    summary: 'where their issuer publishes its keys (JWKS)',
    isSecret: false,
    default: null,
    parse: parseKeysUrl,
  },
  tokenRules: {
    env: 'HALLPASS_TOKEN_RULES',
    flag: '--token-rules',
    placeholder: 'JSON',
    summary: 'what end users may, by the claims of their tokens',
    isSecret: false,
    default: null,
    parse: parseTokenRules,
  },
  authorizerUrl: {
    env: 'HALLPASS_AUTHORIZER_URL',
    flag: '--authorizer-url',
    placeholder: 'URL',
    summary: 'the application, asked what the rules for end users do not answer',
    isSecret: false,
    default: null,
    parse: parseAuthorizerUrl,
  },
  authorizerSecret: {
    env: 'HALLPASS_AUTHORIZER_SECRET',
    flag: '--authorizer-secret',
    placeholder: 'SECRET',
    summary: 'what those questions are signed with, whsec_ and base64',
    isSecret: true,
    default: null,
    parse: parseWebhookSecret,
  },
  region: {
    env: 'HALLPASS_REGION',
    flag: '--region',
    placeholder: 'REGION',
    summary: 'region in S3 signatures (default: us-east-1)',
    isSecret: false,
    default: 'us-east-1',
    parse: parseRegion,
  },
  adminKey: {
    env: 'HALLPASS_ADMIN_KEY',
    flag: '--admin-key',
    placeholder: 'KEY',
    summary: 'the admin API key, instead of one made at the first start',
    isSecret: true,
    default: null,
    parse: parseSecret,
  },
  accessKeyId: {
    env: 'HALLPASS_ACCESS_KEY_ID',
    flag: '--access-key-id',
    placeholder: 'ID',
    summary: 'an S3 key pair with full rights: its id',
    isSecret: false,
    default: null,
    parse: parseAccessKeyId,
  },
  secretAccessKey: {
    env: 'HALLPASS_SECRET_ACCESS_KEY',
    flag: '--secret-access-key',
    placeholder: 'SECRET',
    summary: 'an S3 key pair with full rights: its secret',
    isSecret: true,
    default: null,
    parse: parseSecret,
  },
  masterKey: {
    env: 'HALLPASS_MASTER_KEY',
    flag: '--master-key',
    placeholder: 'HEX',
    summary: 'the key that seals secrets, instead of a file in the data directory',
    isSecret: true,
    default: null,
    parse: parseMasterKeySetting,
  },
  masterKeyCommand: {
    env: 'HALLPASS_MASTER_KEY_COMMAND',
    flag: '--master-key-command',
    placeholder: 'COMMAND',
    summary: 'a command that prints that key, such as a call to a KMS',
    isSecret: false,
    default: null,
    parse: parseText,
  },
  workers: {
    env: 'HALLPASS_WORKERS',
    flag: '--workers',
    placeholder: 'N',
    summary: 'processes that share the port and the data (default: 1)',
    isSecret: false,
    default: 1,
    parse: (text) => parseWhole(text, 1, 64),
  },
  databaseUrl: {
    env: 'HALLPASS_DATABASE_URL',
    flag: '--database-url',
    placeholder: 'URL',
    summary:
      'where the catalog lives, sqlite:PATH or postgres://… (default: catalog.db in the data directory)',
    isSecret: true,
    default: null,
    parse: parseDatabaseUrl,
  },
  databaseConnections: {
    env: 'HALLPASS_DATABASE_CONNECTIONS',
    flag: '--database-connections',
    placeholder: 'N',
    summary: 'connections to PostgreSQL that one process has at most (default: 10)',
    isSecret: false,
    default: 10,
    parse: (text) => parseWhole(text, 2, 1000),
  },
  blobs: {
    env: 'HALLPASS_BLOBS',
    flag: '--blobs',
    placeholder: 'URL',
    summary:
      'where large files lie, s3://BUCKET/PREFIX?… or azure://ACCOUNT/CONTAINER/PREFIX (default: blobs in the data directory)',
    isSecret: false,
    default: null,
    parse: parseBlobsUrl,
  },
  blobsAccessKeyId: {
    env: 'HALLPASS_BLOBS_ACCESS_KEY_ID',
    flag: '--blobs-access-key-id',
    placeholder: 'ID',
    summary: 'the key pair for that store, or its account (default: what this machine is allowed)',
    isSecret: false,
    default: null,
    parse: parseKeyIdOfStore,
  },
  blobsSecretAccessKey: {
    env: 'HALLPASS_BLOBS_SECRET_ACCESS_KEY',
    flag: '--blobs-secret-access-key',
    placeholder: 'SECRET',
    summary: 'its secret',
    isSecret: true,
    default: null,
    parse: parseSecretOfStore,
  },
  eventDays: {
    env: 'HALLPASS_EVENT_DAYS',
    flag: '--event-days',
    placeholder: 'DAYS',
    summary: 'how long uses of links and keys are kept (default: 30)',
    isSecret: false,
    default: 30,
    parse: (text) => parseWhole(text, 1, 3650),
  },
  auditDays: {
    env: 'HALLPASS_AUDIT_DAYS',
    flag: '--audit-days',
    placeholder: 'DAYS',
    summary: 'how long changes of files and rights are kept (default: 400)',
    isSecret: false,
    default: 400,
    parse: (text) => parseWhole(text, 1, 3650),
  },
  maxEvents: {
    env: 'HALLPASS_MAX_EVENTS',
    flag: '--max-events',
    placeholder: 'N',
    summary: 'uses further back than so many events are not kept (default: 1000000)',
    isSecret: false,
    default: 1_000_000,
    parse: (text) => parseWhole(text, 1000, 100_000_000),
  },
  linkDays: {
    env: 'HALLPASS_LINK_DAYS',
    flag: '--link-days',
    placeholder: 'DAYS',
    summary: 'how long records of links are kept that are over (default: 90)',
    isSecret: false,
    default: 90,
    parse: (text) => parseWhole(text, 1, 3650),
  },
  maxLinks: {
    env: 'HALLPASS_MAX_LINKS',
    flag: '--max-links',
    placeholder: 'N',
    summary: 'links that are over, further back than so many, are not kept (default: 1000000)',
    isSecret: false,
    default: 1_000_000,
    parse: (text) => parseWhole(text, 1000, 100_000_000),
  },
  addressRequestsPerSecond: {
    env: 'HALLPASS_ADDRESS_REQUESTS_PER_SECOND',
    flag: '--address-requests-per-second',
    placeholder: 'N',
    summary: 'requests of one address that are answered in a second, 0 for any number (default: 0)',
    isSecret: false,
    default: 0,
    parse: (text) => parseWhole(text, 0, 1_000_000),
  },
  keyRequestsPerSecond: {
    env: 'HALLPASS_KEY_REQUESTS_PER_SECOND',
    flag: '--key-requests-per-second',
    placeholder: 'N',
    summary: 'requests of one key that are answered in a second, 0 for any number (default: 0)',
    isSecret: false,
    default: 0,
    parse: (text) => parseWhole(text, 0, 1_000_000),
  },
  linksPerKey: {
    env: 'HALLPASS_LINKS_PER_KEY',
    flag: '--links-per-key',
    placeholder: 'N',
    summary: 'links that one key has alive at once, an end user a tenth (default: 100000)',
    isSecret: false,
    default: 100_000,
    parse: (text) => parseWhole(text, 1000, 100_000_000),
  },
  drainSeconds: {
    env: 'HALLPASS_DRAIN_SECONDS',
    flag: '--drain-seconds',
    placeholder: 'N',
    summary: 'requests are still taken for so long after a stop was asked for (default: 0)',
    isSecret: false,
    default: 0,
    parse: (text) => parseWhole(text, 0, 600),
  },
  scrubDays: {
    env: 'HALLPASS_SCRUB_DAYS',
    flag: '--scrub-days',
    placeholder: 'DAYS',
    summary:
      'every stored blob is read and compared within so many days, 0 for never (default: 30)',
    isSecret: false,
    default: 30,
    parse: (text) => parseWhole(text, 0, 3650),
  },
  signingKeyDays: {
    env: 'HALLPASS_SIGNING_KEY_DAYS',
    flag: '--signing-key-days',
    placeholder: 'DAYS',
    summary: 'how long links are signed with one key, 0 until it is rotated by hand (default: 30)',
    isSecret: false,
    default: 30,
    parse: (text) => parseWhole(text, 0, 3650),
  },
  webhookNetworks: {
    env: 'HALLPASS_WEBHOOK_NETWORKS',
    flag: '--webhook-networks',
    placeholder: 'CIDR,…',
    summary: 'private networks that webhooks may be in, over http too',
    isSecret: false,
    default: null,
    parse: parseNetworks,
  },
  storeNetworks: {
    env: 'HALLPASS_STORE_NETWORKS',
    flag: '--store-networks',
    placeholder: 'CIDR,…',
    summary: 'private networks that stores of mounted buckets may be in, over http too',
    isSecret: false,
    default: null,
    parse: parseNetworks,
  },
  clamav: {
    env: 'HALLPASS_CLAMAV',
    flag: '--clamav',
    placeholder: 'ADDRESS',
    summary: 'where ClamAV’s daemon listens: unix:/PATH or tcp://HOST:PORT (default: nowhere)',
    isSecret: false,
    default: null,
    parse: parseClamav,
  },
  verdictUrl: {
    env: 'HALLPASS_VERDICT_URL',
    flag: '--verdict-url',
    placeholder: 'URL',
    summary: 'is asked whether a file may come in, where a policy says so (default: nobody)',
    isSecret: false,
    default: null,
    parse: parseAuthorizerUrl,
  },
  verdictSecret: {
    env: 'HALLPASS_VERDICT_SECRET',
    flag: '--verdict-secret',
    placeholder: 'SECRET',
    summary: 'what those questions are signed with: whsec_ and at least 24 bytes in base64',
    isSecret: true,
    default: null,
    parse: parseWebhookSecret,
  },
  oidcIssuer: {
    env: 'HALLPASS_OIDC_ISSUER',
    flag: '--oidc-issuer',
    placeholder: 'URL',
    summary: 'the provider of OpenID Connect that signs people in to the console',
    isSecret: false,
    default: null,
    parse: parseIssuerUrl,
  },
  oidcClientId: {
    env: 'HALLPASS_OIDC_CLIENT_ID',
    flag: '--oidc-client-id',
    placeholder: 'ID',
    summary: 'how this server is called there',
    isSecret: false,
    default: null,
    parse: parseText,
  },
  oidcClientSecret: {
    env: 'HALLPASS_OIDC_CLIENT_SECRET',
    flag: '--oidc-client-secret',
    placeholder: 'SECRET',
    summary: 'what it proves that with (default: nothing, a public client)',
    isSecret: true,
    default: null,
    parse: (text) => createSecret(parseText(text)),
  },
  oidcGroups: {
    env: 'HALLPASS_OIDC_GROUPS',
    flag: '--oidc-groups',
    placeholder: 'JSON',
    summary: 'what people may at the console, by the groups they are in there',
    isSecret: false,
    default: null,
    parse: parseOpenIdGroups,
  },
  oidcGroupsClaim: {
    env: 'HALLPASS_OIDC_GROUPS_CLAIM',
    flag: '--oidc-groups-claim',
    placeholder: 'NAME',
    summary: 'the claim that has those groups (default: groups)',
    isSecret: false,
    default: 'groups',
    parse: parseText,
  },
  oidcScope: {
    env: 'HALLPASS_OIDC_SCOPE',
    flag: '--oidc-scope',
    placeholder: 'WORDS',
    summary: 'what the provider is asked for (default: openid profile email)',
    isSecret: false,
    default: 'openid profile email',
    parse: parseOpenIdScope,
  },
  console: {
    env: 'HALLPASS_CONSOLE',
    flag: '--console',
    placeholder: 'on|off',
    summary: 'whether there is a console under /-/console (default: on)',
    isSecret: false,
    default: 'on',
    parse: parseSwitch,
  },
  logLevel: {
    env: 'HALLPASS_LOG_LEVEL',
    flag: '--log-level',
    placeholder: 'LEVEL',
    summary: `${LOG_LEVELS.join(', ')} (default: info)`,
    isSecret: false,
    default: 'info',
    parse: parseLogLevel,
  },
}

export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[]
