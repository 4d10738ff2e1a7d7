import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LINK_OUTCOMES, createMetrics, renderSnapshots } from '../../src/platform/metrics.ts'
import type { Metrics } from '../../src/platform/metrics.ts'

type Rule = (name: string, type: string) => boolean

/** What `promtool check metrics` refuses, as far as it can be seen from names and types. */
const FAULTS: Readonly<Record<string, Rule>> = {
  'a counter without _total': (name, type) => type === 'counter' && !name.endsWith('_total'),
  '_total and no counter': (name, type) => type !== 'counter' && name.endsWith('_total'),
  'not snake_case': (name) => !/^[a-z][a-z0-9_]*$/.test(name),
  'no base unit': (name) =>
    /_(?:ms|millis|milliseconds|us|ns|minutes|hours|kb|mb|kilobytes|megabytes|percent)(?:_|$)/.test(
      name,
    ),
  'its type in its name': (name) => /_(?:counter|gauge|histogram|summary)(?:_|$)/.test(name),
  'a reserved ending': (name) => /_(?:sum|count|bucket)$/.test(name),
}

function lint(text: string): string[] {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
    ([, name = '', type = '']) => [name, type] as const,
  )
  const known = new Set(types.map(([name]) => name))
  const helped = new Set([...text.matchAll(/^# HELP (\S+) \S.*$/gm)].map(([, name = '']) => name))
  const faults = Object.entries(FAULTS).flatMap(([fault, isFault]) =>
    types.filter(([name, type]) => isFault(name, type)).map(([name]) => `${name}: ${fault}`),
  )
  const mute = [...known].filter((name) => !helped.has(name)).map((name) => `${name}: no help text`)
  const untyped = [...text.matchAll(/^([a-z_][a-z0-9_]*)(?:\{| )/gim)]
    .map(([, name = '']) => name)
    .filter((name) => !known.has(name) && !known.has(name.replace(/_(?:bucket|sum|count)$/, '')))
  return [...faults, ...mute, ...untyped.map((name) => `${name}: no type`)]
}

function fill(metrics: Metrics): void {
  metrics.observeRequest({
    plane: 's3',
    operation: 'GetObject',
    status: 200,
    seconds: 0.1,
    sentBytes: 5,
    receivedBytes: 2,
  })
  metrics.countLink('served')
  metrics.countLink('served')
  metrics.countLink('expired')
}

test('promtool has nothing to say of the metrics, of one process or of several', async () => {
  const metrics = createMetrics({
    watchProcess: true,
    lostLogLines: () => 3,
  })
  fill(metrics)
  const { text } = await metrics.render()
  assert.deepEqual(lint(text), [])
  assert.ok(text.includes('hallpass_process_cpu_user_seconds_total'))
  const merged = await renderSnapshots([await metrics.snapshot(), await createMetrics().snapshot()])
  assert.deepEqual(lint(merged.text), [])
})

test('links are counted by outcome, and every outcome is there from the start', async () => {
  const metrics = createMetrics()
  fill(metrics)
  const { text } = await metrics.render()
  for (const outcome of LINK_OUTCOMES) {
    const count = { served: 2, expired: 1 }[outcome as string] ?? 0
    assert.ok(text.includes(`hallpass_links_total{outcome="${outcome}"} ${count}\n`), outcome)
  }
})

test('uploads are active until they are over, however often that is said', async () => {
  const metrics = createMetrics()
  const first = metrics.beginUpload()
  metrics.beginUpload()
  assert.match((await metrics.render()).text, /^hallpass_uploads_active 2$/m)
  first()
  first()
  assert.match((await metrics.render()).text, /^hallpass_uploads_active 1$/m)
})

test('lost log lines are counted, and the bytes that became files', async () => {
  let lost = 0
  const metrics = createMetrics({ lostLogLines: () => lost })
  assert.match((await metrics.render()).text, /^hallpass_log_lines_lost_total 0$/m)
  lost = 7
  await metrics.render()
  lost = 9
  metrics.countStored(5)
  metrics.countStored(7)
  const { text } = await metrics.render()
  assert.match(text, /^hallpass_log_lines_lost_total 9$/m)
  assert.match(text, /^hallpass_stored_bytes_total 12$/m)
})

test('what was counted is told again each time it is asked for, with what came since', async () => {
  const metrics = createMetrics()
  for (const [round, lines] of [
    [
      'first',
      ['GetObject",status="200"} 2', 'GetObject",status="404"} 1', 'PutObject",status="200"} 1'],
    ],
    [
      'second',
      ['GetObject",status="200"} 4', 'GetObject",status="404"} 2', 'PutObject",status="200"} 2'],
    ],
  ] as const) {
    const seconds = 0.002
    for (const status of [200, 200, 404]) {
      metrics.observeRequest({ plane: 's3', operation: 'GetObject', status, seconds })
    }
    // The order in which somebody names the labels says nothing.
    metrics.observeRequest({
      seconds,
      status: 200,
      operation: 'PutObject',
      plane: 's3',
      sentBytes: 5,
    })
    metrics.countLink('served')
    await metrics.snapshot()
    const { text } = await metrics.render()
    for (const line of lines) {
      assert.ok(
        text.includes(`hallpass_requests_total{plane="s3",operation="${line}\n`),
        `${round}: ${line}`,
      )
    }
    const served = round === 'first' ? 1 : 2
    assert.ok(text.includes(`hallpass_links_total{outcome="served"} ${served}\n`), round)
    assert.ok(
      text.includes(`hallpass_body_bytes_total{plane="s3",direction="sent"} ${served * 5}\n`),
      round,
    )
  }
})

test('of several processes counts are added up', async () => {
  const make = (): Metrics => createMetrics({ lostLogLines: () => 2 })
  const all = [make(), make(), make()]
  for (const metrics of all) {
    fill(metrics)
    metrics.beginUpload()
    metrics.countStored(100)
  }
  const { text } = await renderSnapshots(await Promise.all(all.map((one) => one.snapshot())))
  assert.match(text, /^hallpass_links_total\{outcome="served"\} 6$/m)
  assert.match(text, /^hallpass_uploads_active 3$/m)
  assert.match(text, /^hallpass_stored_bytes_total 300$/m)
  assert.match(text, /^hallpass_log_lines_lost_total 6$/m)
})
