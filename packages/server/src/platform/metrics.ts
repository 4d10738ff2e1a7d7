/**
 * What the server counts, for Prometheus. Labels come from closed lists only: never a path, a key, an id or anything else
 * a client sent, because labels are kept for ever and shown to whoever reads dashboards.
 */
import {
  AggregatorRegistry,
  Counter,
  Gauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
} from 'prom-client'
import { createSummedCounter } from './summed-counter.ts'

export interface RequestSample {
  readonly plane: 'rest' | 's3' | 'share' | 'tus' | 'uppy'
  /** The operation's own name: `getFile`, `PutObject`; `none` for what no route takes. */
  readonly operation: string
  readonly status: number
  readonly seconds: number
  /** Bytes of bodies, as far as the face counts them. */
  readonly receivedBytes?: number
  readonly sentBytes?: number
}

/** What becomes of a link: issued once; then each request that brings it, by its outcome. */
export const LINK_OUTCOMES = [
  'issued',
  'served',
  'expired',
  'revoked',
  'used-up',
  'wrong-network',
  'preview',
  'refused',
] as const
export type LinkOutcome = (typeof LINK_OUTCOMES)[number]

/** What becomes of a message to a webhook: each attempt, and those that were not made because too many waited. */
const WEBHOOK_OUTCOMES = ['delivered', 'failed', 'dead', 'skipped'] as const
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number]

/** One request to an object store, each attempt of it. */
export interface StoreRequestSample {
  /** The store's own name for it, from a closed list: `PutObject`. */
  readonly operation: string
  readonly outcome: string
  /** To the head of the answer. */
  readonly seconds: number
}

/** What becomes of a file that waited to be looked at, each time somebody does. */
const VERDICTS = ['admitted', 'rejected', 'postponed', 'gone'] as const
export type CountedVerdict = (typeof VERDICTS)[number]

export interface RenderedMetrics {
  readonly contentType: string
  readonly text: string
}

/** One process's figures, as plain data that can cross to another process. */
export type MetricsSnapshot = readonly object[]

/** Seconds; `null` where nobody knows. */
export interface KeyAges {
  readonly signingKey: () => Promise<number | null>
  readonly masterKey: () => Promise<number | null>
}

export interface Metrics {
  observeRequest(sample: RequestSample): void
  countLink(outcome: LinkOutcome): void
  /** An upload is under way until what it returns is called. */
  beginUpload(): () => void
  /** Bytes that became a file. */
  countStored(bytes: number): void
  /** Events for which there was no room. */
  countDroppedEvents(count: number): void
  countWebhook(outcome: WebhookOutcome, count: number): void
  /** From then on the ages of keys are told, too. */
  watchKeys(ages: KeyAges): void
  countVerdict(verdict: CountedVerdict): void
  /** Files that wait to be looked at, and for how long the oldest has. */
  showWaiting(count: number, oldestSeconds: number): void
  /** One of `alertRules`. */
  countAlert(rule: string): void
  observeStoreRequest(sample: StoreRequestSample): void
  /** The same, to the store of a mounted bucket. */
  observeMountRequest(sample: StoreRequestSample): void
  /** A blob was read again, of so many bytes. */
  countScrubbed(bytes: number): void
  /** Blobs that are not what they were. */
  showDamaged(count: number): void
  snapshot(): Promise<MetricsSnapshot>
  render(): Promise<RenderedMetrics>
}

export interface MetricsOptions {
  /** Also memory, CPU and event loop of this process: once a process, because it watches the whole of it. */
  readonly watchProcess?: boolean
  /** How many log lines this process has lost so far. */
  readonly lostLogLines?: () => number
  /** By which alerts are counted, each of them from the start. */
  readonly alertRules?: readonly string[]
}

/** Seconds. From a cached small file to a large upload over a slow line. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120]
const REQUEST_LABELS = ['plane', 'operation', 'status'] as const

/** Gauges that Node's own collector names like counters, which `promtool check metrics` refuses. */
const MISNAMED = ['active_handles_total', 'active_requests_total', 'active_resources_total']

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const register = new Registry()
  if (options.watchProcess === true) watchProcess(register)
  const requests = createRequestMetrics(register)
  const countLink = createSummedCounter({
    name: 'hallpass_links_total',
    help: 'Links issued, and requests with a link by what became of them.',
    labelNames: ['outcome'] as const,
    registers: [register],
  })
  // A counter that has not been seen yet cannot be told from one that does not exist.
  for (const outcome of LINK_OUTCOMES) countLink({ outcome }, 0)
  const uploads = new Gauge({
    name: 'hallpass_uploads_active',
    help: 'Uploads under way.',
    registers: [register],
  })
  addLostLogLines(register, options.lostLogLines ?? (() => 0))
  const stored = new Counter({
    name: 'hallpass_stored_bytes_total',
    help: 'Bytes that became files; copies, which move none, are left out.',
    registers: [register],
  })
  const droppedEvents = new Counter({
    name: 'hallpass_events_dropped_total',
    help: 'Uses that were not noted, because more came at once than are held.',
    registers: [register],
  })

  return {
    observeRequest: requests,
    countLink: (outcome) => countLink({ outcome }),
    beginUpload: () => {
      uploads.inc()
      let isOver = false
      return () => {
        if (!isOver) uploads.dec()
        isOver = true
      }
    },
    countStored: (bytes) => stored.inc(bytes),
    countDroppedEvents: (count) => droppedEvents.inc(count),
    ...createTellingMetrics(register, options.alertRules ?? []),
    watchKeys: (ages) => addKeyAges(register, ages),
    ...createQuarantineMetrics(register),
    observeStoreRequest: createStoreMetrics(register, 'store', 'the object store'),
    observeMountRequest: createStoreMetrics(register, 'mount', 'stores of mounted buckets'),
    ...createScrubMetrics(register),
    snapshot: () => register.getMetricsAsJSON(),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  }
}

function watchProcess(register: Registry): void {
  collectDefaultMetrics({ register, prefix: 'hallpass_' })
  for (const name of MISNAMED) register.removeSingleMetric(`hallpass_nodejs_${name}`)
}

function createRequestMetrics(register: Registry): Metrics['observeRequest'] {
  const registers = [register]
  const countRequest = createSummedCounter({
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
  const countBytes = createSummedCounter({
    name: 'hallpass_body_bytes_total',
    help: 'Bytes of request and answer bodies.',
    labelNames: ['plane', 'direction'] as const,
    registers,
  })
  return ({ plane, operation, status, seconds, receivedBytes = 0, sentBytes = 0 }) => {
    countRequest({ plane, operation, status })
    durations.observe({ plane }, seconds)
    if (receivedBytes > 0) countBytes({ plane, direction: 'received' }, receivedBytes)
    if (sentBytes > 0) countBytes({ plane, direction: 'sent' }, sentBytes)
  }
}

/** What is told to others. */
function createTellingMetrics(
  register: Registry,
  alertRules: readonly string[],
): Pick<Metrics, 'countAlert' | 'countWebhook'> {
  const webhooks = new Counter({
    name: 'hallpass_webhook_messages_total',
    help: 'Messages to webhooks, by what became of each attempt.',
    labelNames: ['outcome'] as const,
    registers: [register],
  })
  const alerts = new Counter({
    name: 'hallpass_alerts_total',
    help: 'Alerts raised, by what looked wrong.',
    labelNames: ['rule'] as const,
    registers: [register],
  })
  for (const rule of alertRules) alerts.inc({ rule }, 0)
  for (const outcome of WEBHOOK_OUTCOMES) webhooks.inc({ outcome }, 0)
  return {
    countAlert: (rule) => alerts.inc({ rule }),
    countWebhook: (outcome, count) => webhooks.inc({ outcome }, count),
  }
}

function addKeyAges(register: Registry, { signingKey, masterKey }: KeyAges): void {
  const add = (name: string, help: string, age: () => Promise<number | null>): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [register],
      // Of several processes, which all tell the same.
      aggregator: 'max',
      collect: async () => {
        const seconds = await age()
        if (seconds === null) gauge.reset()
        else gauge.set(seconds)
      },
    })
  }
  add('hallpass_signing_key_age_seconds', 'How long the signing key has been signing.', signingKey)
  add('hallpass_master_key_age_seconds', 'How long the master key has been sealing.', masterKey)
}

function createQuarantineMetrics(
  register: Registry,
): Pick<Metrics, 'countVerdict' | 'showWaiting'> {
  const registers = [register]
  const verdicts = new Counter({
    name: 'hallpass_quarantine_verdicts_total',
    help: 'Looks at files that waited, by what became of them.',
    labelNames: ['verdict'] as const,
    registers,
  })
  for (const verdict of VERDICTS) verdicts.inc({ verdict }, 0)
  const waiting = new Gauge({
    name: 'hallpass_quarantine_files',
    help: 'Files that wait until they were looked at.',
    registers,
  })
  const oldest = new Gauge({
    name: 'hallpass_quarantine_oldest_seconds',
    help: 'How long the one has waited that came first.',
    registers,
  })
  return {
    countVerdict: (verdict) => verdicts.inc({ verdict }),
    showWaiting: (count, oldestSeconds) => {
      waiting.set(count)
      oldest.set(oldestSeconds)
    },
  }
}

function createStoreMetrics(
  register: Registry,
  name: 'store' | 'mount',
  what: string,
): Metrics['observeStoreRequest'] {
  const registers = [register]
  const requests = new Counter({
    name: `hallpass_${name}_requests_total`,
    help: `Requests to ${what}, each attempt, by what became of it.`,
    labelNames: ['operation', 'outcome'] as const,
    registers,
  })
  const durations = new Histogram({
    name: `hallpass_${name}_request_duration_seconds`,
    help: `From a request to ${what} to the head of its answer.`,
    labelNames: ['operation'] as const,
    buckets: DURATION_BUCKETS,
    registers,
  })
  return ({ operation, outcome, seconds }) => {
    requests.inc({ operation, outcome })
    durations.observe({ operation }, seconds)
  }
}

function createScrubMetrics(register: Registry): Pick<Metrics, 'countScrubbed' | 'showDamaged'> {
  const registers = [register]
  const blobs = new Counter({
    name: 'hallpass_scrubbed_blobs_total',
    help: 'Blobs that were read again to see whether they are what they were.',
    registers,
  })
  const bytes = new Counter({
    name: 'hallpass_scrubbed_bytes_total',
    help: 'Bytes of those blobs.',
    registers,
  })
  const damaged = new Gauge({
    name: 'hallpass_damaged_blobs',
    help: 'Blobs that are missing or have other bytes than they were written with.',
    registers,
    // Of several processes, which all tell the same.
    aggregator: 'max',
  })
  return {
    countScrubbed: (count) => {
      blobs.inc()
      bytes.inc(count)
    },
    showDamaged: (count) => damaged.set(count),
  }
}

function addLostLogLines(register: Registry, lostLogLines: () => number): void {
  let counted = 0
  const lines = new Counter({
    name: 'hallpass_log_lines_lost_total',
    help: 'Log lines that could not be written.',
    registers: [register],
    collect: () => {
      const lost = lostLogLines()
      lines.inc(lost - counted)
      counted = lost
    },
  })
}

/** The figures of several processes added up, as one page. */
export async function renderSnapshots(
  snapshots: readonly MetricsSnapshot[],
): Promise<RenderedMetrics> {
  const merged = AggregatorRegistry.aggregate([...snapshots] as object[])
  return { contentType: merged.contentType, text: await merged.metrics() }
}
