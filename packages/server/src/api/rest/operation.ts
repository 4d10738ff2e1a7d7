/** The shape of a REST operation: one object says everything about it, and one file holds one operation. */
import type { IncomingMessage } from 'node:http'
import type { Static, TObject, TSchema } from 'typebox'
import type { CoreContext } from '../../core/context.ts'
import { admit } from './admit.ts'
import type { AdmittedAs, Caller, RestAccess } from './admit.ts'
import type { CallContext } from './context.ts'

/** What body the operation reads: none, JSON of at most MAX_JSON_BYTES, or a stream it reads by itself. */
export type RestBody = 'none' | 'json' | 'stream'

/** What every operation is given, whoever calls. */
export interface OpenCall<Params = unknown, Query = unknown, Body = unknown> {
  readonly core: CoreContext
  readonly context: CallContext
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly request: IncomingMessage
  /** The path as sent, without its query. */
  readonly rawPath: string
  /** The body of a `stream` operation; the first read lets the client send it. */
  readonly stream: () => AsyncIterable<Uint8Array>
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

/** What an operation is given: one that is open to anyone knows of nobody. */
export type RestCall<Access extends RestAccess, Params, Query, Body> = OpenCall<
  Params,
  Query,
  Body
> &
  AdmittedAs[Access]

export interface RestAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, or as it is if it is text. */
  readonly body?: unknown
}

export interface OperationText {
  /** camelCase, unique: `operationId` of the OpenAPI document. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As in the OpenAPI document: `/v1/files/{id}`. */
  readonly path: string
  /** True: the last parameter takes the rest of the path, slashes included, but for what stands behind it here. */
  readonly takesRest?: boolean
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly bodyKind: RestBody
  /** True: no body at all is as good as `{}`. */
  readonly takesNoBody?: boolean
  /** Those that it reads, for the document: they are checked where they are read. */
  readonly headers?: TObject
  /** What a `stream` operation reads, for the document. */
  readonly streamTypes?: Readonly<Record<string, TSchema>>
  /** Of the success answers; JSON unless said otherwise. */
  readonly contentType?: string
  /** Status → schema of the success answers; `null` for an answer without JSON. */
  readonly answers: Readonly<Record<number, TSchema | null>>
}

export interface Operation extends OperationText {
  readonly access: RestAccess
  readonly params: TSchema | null
  readonly query: TSchema | null
  readonly body: TSchema | null
  /** Settles who calls: before a byte of the body is read, and after the last one of JSON. */
  readonly admit: (core: CoreContext, caller: Caller) => Promise<AdmittedCall>
}

export interface AdmittedCall {
  /** The caller's key; `null` where nobody was asked. */
  readonly keyId: string | null
  readonly handle: (call: OpenCall) => Promise<RestAnswer>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does; the OpenAPI document is made from it. */
    readonly operation?: Operation
  }
}

interface Schemas<Params extends TSchema, Query extends TSchema, Body extends TSchema> {
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
}

/** The operation, with `handle` typed by its access and its schemas. They are checked before `handle` runs, so the types hold. */
export function defineOperation<
  Access extends RestAccess,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
>(
  operation: OperationText &
    Schemas<Params, Query, Body> & {
      readonly access: Access
      readonly handle: (
        call: RestCall<Access, Static<Params>, Static<Query>, Static<Body>>,
      ) => Promise<RestAnswer>
    },
): Operation {
  const { params = null, query = null, body = null, handle, ...text } = operation
  return {
    ...text,
    params,
    query,
    body,
    admit: async (core, caller) => {
      const { keyId, admitted } = await admit(core, text.access, caller)
      return {
        keyId,
        handle: (call) =>
          handle({
            ...(call as OpenCall<Static<Params>, Static<Query>, Static<Body>>),
            ...admitted,
          }),
      }
    },
  }
}
