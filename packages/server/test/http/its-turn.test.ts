import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { waitForItsTurn } from '../../src/http/its-turn.ts'

function makeResponse(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()))
}

test('an answer whose turn it is waits for nothing', () => {
  const response = makeResponse()
  response.assignSocket(new Socket())
  assert.equal(waitForItsTurn(response), null)
})

test('one that stands behind others waits until it is the next', async () => {
  const response = makeResponse()
  const turn = waitForItsTurn(response)
  assert.ok(turn !== null)
  response.assignSocket(new Socket())
  await turn
})

test('one whose connection ends before its turn, or has ended, is given up', async () => {
  const waiting = makeResponse()
  const turn = waitForItsTurn(waiting)
  assert.ok(turn !== null)
  waiting.emit('close')
  await assert.rejects(turn, { code: 'client-gone' })
  const late = makeResponse()
  late.destroy()
  late.emit('close')
  await assert.rejects(waitForItsTurn(late) ?? Promise.resolve(), { code: 'client-gone' })
})
