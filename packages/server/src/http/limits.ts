/** The limits of the HTTP edge, each with its unit. Tests pass smaller ones. */

export interface HttpLimits {
  /** From the first byte of a connection or request to the end of its headers; then 408. */
  readonly headersTimeoutMs: number
  /** How often connections and bodies are looked at for being too slow. */
  readonly checkIntervalMs: number
  /** A body that brings fewer bytes than `minBodyBytesPerSecond` over this much waiting is given up: 408. */
  readonly slowBodyWindowMs: number
  readonly minBodyBytesPerSecond: number
  /** An answer of which the client takes nothing for this long is cut off, whatever its size. */
  readonly stalledWriteMs: number
  /** Beyond that, what waits to be taken is given the time it needs at this pace. */
  readonly minAnswerBytesPerSecond: number
  /** Requests of one connection that are worked on at a time; then no more is read from it. */
  readonly maxUnanswered: number
  /** Requests of all connections that were read with those before them and wait; beyond it their connection is cut. */
  readonly maxWaitingRequests: number
  /** How long a connection may idle between two requests. */
  readonly keepAliveTimeoutMs: number
  /** Request line and headers together; beyond it 431. */
  readonly maxHeaderBytes: number
  readonly maxConnections: number
  /** What is still read and thrown away of a body that was refused, so that the client can read the answer. */
  readonly maxDiscardBytes: number
  readonly maxDiscardMs: number
  /** How long requests in flight may take to finish once the server stops. */
  readonly stopTimeoutMs: number
  /** How long those that were cut may take to clear away what they began. */
  readonly settleTimeoutMs: number
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 20_000,
  checkIntervalMs: 1_000,
  slowBodyWindowMs: 30_000,
  minBodyBytesPerSecond: 1024,
  stalledWriteMs: 60_000,
  minAnswerBytesPerSecond: 16 * 1024,
  maxUnanswered: 32,
  maxWaitingRequests: 65_536,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 10_000,
  maxDiscardBytes: 4 * 1024 * 1024,
  maxDiscardMs: 10_000,
  stopTimeoutMs: 10_000,
  settleTimeoutMs: 3000,
}
