import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPackRoom } from '../../../src/core/shares/pack-room.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'

test('archives under way hold so many files together, and fewer of one network', () => {
  const room = createPackRoom({ inAll: 10, ofOneNetwork: 6 })
  const [first, second] = [room.open('192.0.2.1'), room.open('192.0.2.1')]
  first.take(4)
  second.take(2)
  assert.throws(() => second.take(1), StoreError)
  const other = room.open('2001:db8::1')
  other.take(4)
  assert.throws(() => room.open('192.0.2.9').take(1), StoreError)
  first.close()
  first.close()
  second.take(4)
  assert.throws(() => room.open('2001:db8::2').take(3), StoreError)
  other.close()
  room.open('2001:db8::2').take(4)
})
