/**
 * What the server counts, for Prometheus. Labels come from closed lists only: never a path, a key, an id or anything else
 * a client sent, because labels are kept for ever and shown to whoever reads dashboards.
 */
import {
  AggregatorRegistry,
  Counter,
  Histogram,
  Registry,
  collectDefaultMetrics,
} from 'prom-client'

export interface RequestSample {
  readonly plane: 'rest' | 's3'
  /** The operation's own name: `getFile`, `PutObject`; `none` for what no route takes. */
  readonly operation: string
  readonly status: number
  readonly seconds: number
  /** Bytes of bodies, as far as the face counts them. */
  readonly receivedBytes?: number
  readonly sentBytes?: number
}

export interface RenderedMetrics {
  readonly contentType: string
  readonly text: string
}

/** One process's figures, as plain data that can cross to another process. */
export type MetricsSnapshot = readonly object[]

export interface Metrics {
  observeRequest(sample: RequestSample): void
  snapshot(): Promise<MetricsSnapshot>
  render(): Promise<RenderedMetrics>
}

export interface MetricsOptions {
  /** Also memory, CPU and event loop of this process: once a process, because it watches the whole of it. */
  readonly watchProcess?: boolean
}

/** Seconds. From a cached small file to a large upload over a slow line. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120]
const REQUEST_LABELS = ['plane', 'operation', 'status'] as const

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const register = new Registry()
  const registers = [register]
  if (options.watchProcess === true) collectDefaultMetrics({ register, prefix: 'hallpass_' })
  const requests = new Counter({
    name: 'hallpass_requests_total',
    help: 'Requests answered.',
    labelNames: REQUEST_LABELS,
    registers,
  })
  const durations = new Histogram({
    name: 'hallpass_request_duration_seconds',
    help: 'From the end of the request headers to the end of the answer.',
    labelNames: ['plane'] as const,
    buckets: DURATION_BUCKETS,
    registers,
  })
  const bytes = new Counter({
    name: 'hallpass_body_bytes_total',
    help: 'Bytes of request and answer bodies.',
    labelNames: ['plane', 'direction'] as const,
    registers,
  })

  return {
    observeRequest({ plane, operation, status, seconds, receivedBytes = 0, sentBytes = 0 }) {
      requests.inc({ plane, operation, status })
      durations.observe({ plane }, seconds)
      if (receivedBytes > 0) bytes.inc({ plane, direction: 'received' }, receivedBytes)
      if (sentBytes > 0) bytes.inc({ plane, direction: 'sent' }, sentBytes)
    },
    snapshot: () => register.getMetricsAsJSON(),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  }
}

/** The figures of several processes added up, as one page. */
export async function renderSnapshots(
  snapshots: readonly MetricsSnapshot[],
): Promise<RenderedMetrics> {
  const merged = AggregatorRegistry.aggregate([...snapshots] as object[])
  return { contentType: merged.contentType, text: await merged.metrics() }
}
