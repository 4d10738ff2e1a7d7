/** What the REST face is given once, and what comes with each request. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InstanceSettings } from '../../core/checklist/facts.ts'
import type { CoreContext } from '../../core/context.ts'
import type { FindAsked } from '../../core/explain/asked.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { AllowedOrigins } from '../../http/allowed-origins.ts'
import type { Documents } from './docs/documents.ts'

export interface RestContext {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest' | 'countLink' | 'beginUpload' | 'render'>
  readonly version: string
  /** Which database and which store. */
  readonly storage: StorageKinds
  /** For the checklist. */
  readonly settings: InstanceSettings
  /** What a request to the object plane asks for, by its own table. */
  readonly findAsked: FindAsked
  /** Pages of other origins that end users may come from. */
  readonly corsOrigins: AllowedOrigins
  /** In a few words, why a load balancer should send requests elsewhere; `null` if it should not. */
  readonly whyNotReady: () => Promise<string | null>
}

export interface StorageKinds {
  readonly catalog: 'sqlite' | 'postgresql'
  readonly blobs: 'disk' | 's3' | 'gs' | 'azure'
}

/** What handlers see: the same, and what the API says of itself. */
export interface CallContext extends RestContext {
  readonly documents: Documents
}

/** The part of an OpenAPI document that the readable page uses; generated, so its shape is known. */
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
}

export interface OpenApiOperation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters?: readonly OpenApiParameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string
        readonly content?: Readonly<Record<string, { readonly schema: object }>>
      }
    >
  >
}

export interface OpenApiParameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: object
}

/** One request and its answer, as app.ts hands them over. */
export interface RestExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly clientIp: string
  /** The body with back-pressure and pace; the first read sends `100 Continue` to a client that waits for it. */
  readonly readBody: () => AsyncIterable<Uint8Array>
}
