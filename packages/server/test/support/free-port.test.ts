import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { findPort } from './free-port.ts'

const CHOSEN_FROM = '/proc/sys/net/ipv4/ip_local_port_range'

test('no port is told twice to servers of tests', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => findPort()))
  assert.equal(new Set(ports).size, ports.length)
})

const chosenFrom = existsSync(CHOSEN_FROM)
  ? Number.parseInt(readFileSync(CHOSEN_FROM, 'utf8'), 10)
  : 32_768
const skip = chosenFrom < 32_000 ? `this system chooses ports from ${chosenFrom}` : false

test('a port for a server of a test is none that the system chooses', { skip }, async () => {
  assert.ok((await findPort()) < chosenFrom)
})
