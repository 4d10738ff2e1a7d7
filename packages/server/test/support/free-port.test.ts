import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { findPort } from './free-port.ts'

const CHOSEN_FROM = '/proc/sys/net/ipv4/ip_local_port_range'

test('ports of servers of tests are none from which the system chooses, and none is told twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => findPort()))
  assert.equal(new Set(ports).size, ports.length)
  const range = existsSync(CHOSEN_FROM) ? readFileSync(CHOSEN_FROM, 'utf8') : '32768'
  assert.ok(Math.max(...ports) < Number.parseInt(range, 10))
})
