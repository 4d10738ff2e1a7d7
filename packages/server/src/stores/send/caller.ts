/** What is alike in the calls of every driver: what it is given besides its place and its credentials, and how a call becomes a request. */
import { percentEncode } from '@hallpass/signing/encoding'
import type { Clock } from '../../platform/clock.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { CallBody } from './sending-body.ts'
import { NO_BODY } from './sending-body.ts'
import { createSender } from './sender.ts'
import type { SenderOptions, StoreRequest } from './sender.ts'
import type { StoreAnswer } from './store-answer.ts'

/** What every driver is given. */
export interface StoreParts extends Pick<
  SenderOptions,
  'limits' | 'mayConnect' | 'onSample' | 'random'
> {
  readonly clock: Clock
}

/** What may be asked of every store; a driver adds where. */
export interface Call {
  readonly operation: string
  readonly method: string
  readonly query?: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: CallBody
  readonly signal?: AbortSignal | undefined
  /** Wants the text of the answer. */
  readonly wantsText?: boolean
}

/** What the rooms of a driver ask through. */
export interface Calls<OfDriver extends Call> {
  /** For people. */
  readonly name: string
  /** Any answer but those that a further attempt may change. */
  ask(call: OfDriver): Promise<StoreAnswer>
  /** What a refusal means where nobody expected one. */
  faultOf(answer: StoreAnswer): StoreError
  close(): Promise<void>
}

interface CallerOptions extends Pick<SenderOptions, 'store' | 'codeOf' | 'retried'> {
  /** The longest text that an answer may be. */
  readonly textBytes: number
}

export interface Caller {
  /** `prepare` is asked before every attempt. */
  send(call: Call, prepare: () => Promise<StoreRequest>): Promise<StoreAnswer>
  close(): Promise<void>
}

export function createCaller(
  { limits, mayConnect, onSample, random }: StoreParts,
  { textBytes, ...options }: CallerOptions,
): Caller {
  const sender = createSender({
    ...options,
    ...(limits !== undefined && { limits }),
    mayConnect,
    onSample,
    random,
  })
  return {
    send: ({ operation, body = NO_BODY, signal = null, wantsText = false }, prepare) =>
      sender.send({ operation, body, signal, textBytes: wantsText ? textBytes : null, prepare }),
    close: () => sender.close(),
  }
}

/** `''`, or a question mark and every parameter, encoded. */
export function searchOf(query: Call['query'] = {}): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
