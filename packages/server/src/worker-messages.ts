/** What the supervisor and its workers say to each other. */
import type { Config } from './config.ts'
import type { MetricsSnapshot } from './platform/metrics.ts'

/** Settings that are secrets, and that workers need too. */
export const WORKER_SECRETS = [
  'authorizerSecret',
  'blobsSecretAccessKey',
  'oidcClientSecret',
] as const
export type WorkerSecret = (typeof WORKER_SECRETS)[number]

/** To a worker. */
export type ToWorker =
  | {
      readonly kind: 'start'
      /** Without secrets, which are no values to send. */
      readonly config: Config
      /** Those that a worker needs and that no store holds. */
      readonly secrets: Readonly<Record<WorkerSecret, string | null>>
      /** `node` of the server. */
      readonly node: string
      readonly index: number
      readonly reusePort: boolean
      /** Where no file holds them, which goes over the channel and into no environment. */
      readonly masterKeys: string | null
    }
  | { readonly kind: 'ping' }
  | { readonly kind: 'take-snapshot'; readonly id: number }
  | {
      readonly kind: 'snapshots'
      readonly id: number
      readonly snapshots: readonly MetricsSnapshot[]
    }
  | { readonly kind: 'which-held'; readonly id: number; readonly contentIds: readonly string[] }

/** From a worker. */
export type FromWorker =
  | { readonly kind: 'pong' }
  | { readonly kind: 'listening'; readonly port: number }
  /** `mayStartLater`: something outside cannot answer now, and to start again later may help. */
  | { readonly kind: 'refused'; readonly reason: string; readonly mayStartLater: boolean }
  | { readonly kind: 'gather'; readonly id: number }
  | { readonly kind: 'snapshot'; readonly id: number; readonly snapshot: MetricsSnapshot }
  | { readonly kind: 'held'; readonly id: number; readonly contentIds: readonly string[] }
