/**
 * How many leaks the rules find, and how often they cry for nothing, over a log that a seed makes: `npm run bench -- watching [--seed N]
 * [--requests N] [--leaks N]`. Ends with 1 if they find fewer than 48 of 50, or cry more than once.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { findLeaks } from '../../packages/server/test/support/find-leaks.ts'
import { createLeakLog } from '../../packages/server/test/support/leak-log.ts'

const MIB = 1024 ** 2

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '1000000' },
    leaks: { type: 'string', default: '50' },
  },
})

const log = createLeakLog({
  seed: Number(values.seed),
  requests: Number(values.requests),
  leaks: Number(values.leaks),
})
const before = process.memoryUsage()
const begin = process.cpuUsage()
const { missed, falseAlerts, findings, size } = findLeaks(log, log.events)
const { user, system } = process.cpuUsage(begin)
const after = process.memoryUsage()

const links = new Set(log.events.map(({ linkId }) => linkId)).size
const found = log.leaks.length - missed.length
console.log(`seed ${values.seed}: ${log.events.length} requests on ${links} links`)
console.log(`leaks found: ${found} of ${log.leaks.length}; false alerts: ${falseAlerts.length}`)
for (const leak of missed) console.log(`  missed: ${leak.kind} ${leak.subject}`)
for (const { rule, subject, measured } of falseAlerts) {
  console.log(`  false: ${rule} ${subject} (${measured})`)
}
console.log(`alerts in all: ${findings.length}`)
console.log(
  `memory: tables of ${mib(size)} MiB; the process grew by ${mib(after.rss - before.rss)} MiB`,
)
console.log(`processor: ${((user + system) / log.events.length).toFixed(2)} µs a request`)
const isEnough = found / log.leaks.length >= 0.96 && falseAlerts.length <= 1
if (!isEnough) process.exitCode = 1

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}
