import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { suite, test } from 'node:test'
import pino from 'pino'
import { createRedactStream, describeIncomingMessage } from '@hallpass/signing/redact-node'
import { redactHooks, redactSerializer, redactSerializers } from '@hallpass/signing/redact-pino'
import {
  createRedactByteStream,
  createRedactTextStream,
  describeRequest,
} from '@hallpass/signing/redact-web'

const SIGNATURE = 'a5ffc147d2978f0c3fe0a77c8bc1d644b2a4f0d0d5b49e69a0eba82af7bb8244'
const API_KEY = 'hp_4fTz9QeR7mN2bVx0LkJ8sWd3YuC6aPg1HiOoZtEr'
const TARGET = `/b/k?X-Amz-Date=20260314T092653Z&X-Amz-Signature=${SIGNATURE}`
const SAFE_TARGET = '/b/k?X-Amz-Date=20260314T092653Z&X-Amz-Signature=[redacted]'

async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
  const parts: T[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

suite('the Node stream', () => {
  test('redacts bytes cut anywhere and leaves every other byte alone', async () => {
    const noise = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const input = Buffer.concat([noise, Buffer.from(`GET ${TARGET} é\n`), noise])
    const chunks: Buffer[] = []
    const source = Readable.from(Array.from(input, (byte) => Buffer.from([byte])))
    const sink = new Writable({
      write(chunk: Buffer, _encoding, callback) {
        chunks.push(chunk)
        callback()
      },
    })
    await pipeline(source, createRedactStream(Transform), sink)
    const expected = Buffer.concat([noise, Buffer.from(`GET ${SAFE_TARGET} é\n`), noise])
    assert.deepEqual(Buffer.concat(chunks), expected)
  })
})

suite('the web streams', () => {
  test('redact text', async () => {
    const source = new ReadableStream<string>({
      start(controller) {
        for (const chunk of [`GET ${TARGET.slice(0, 60)}`, TARGET.slice(60), ' 200\n']) {
          controller.enqueue(chunk)
        }
        controller.close()
      },
    })
    const parts = await collect(source.pipeThrough(createRedactTextStream()))
    assert.equal(parts.join(''), `GET ${SAFE_TARGET} 200\n`)
  })

  test('redact bytes of any encoding', async () => {
    const bytes = Buffer.from([...Buffer.from(`GET ${TARGET} `), 0xff, 0x80, 0xe9, 0x0a])
    const source = new Blob([bytes]).stream()
    const parts = await collect(source.pipeThrough(createRedactByteStream()))
    const output = Buffer.concat(parts)
    assert.deepEqual(
      output,
      Buffer.from([...Buffer.from(`GET ${SAFE_TARGET} `), 0xff, 0x80, 0xe9, 0x0a]),
    )
  })
})

suite('describing requests', () => {
  test('a fetch Request keeps its method, path and harmless headers', () => {
    const request = new Request(`https://example.test${TARGET}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'text/plain',
        'x-api-key': API_KEY,
      },
    })
    assert.deepEqual(describeRequest(request), {
      method: 'PUT',
      url: `https://example.test${SAFE_TARGET}`,
      headers: {
        authorization: 'Bearer [redacted]',
        'content-type': 'text/plain',
        'x-api-key': '[redacted]',
      },
    })
  })

  test('an IncomingMessage is read from its raw headers', () => {
    const message = new IncomingMessage(new Socket())
    message.method = 'GET'
    message.url = TARGET
    message.rawHeaders.push('Host', 'example.test', 'Cookie', `CloudFront-Signature=${SIGNATURE}`)
    assert.deepEqual(describeIncomingMessage(message), {
      method: 'GET',
      url: SAFE_TARGET,
      headers: { host: 'example.test', cookie: 'CloudFront-Signature=[redacted]' },
    })
  })
})

suite('the pino adapter', () => {
  function logLines(log: (logger: pino.Logger) => void): string {
    let output = ''
    const sink = { write: (line: string) => void (output += line) }
    log(pino({ hooks: redactHooks, serializers: { ...redactSerializers } }, sink))
    return output
  }

  test('lets no secret reach the sink, by whatever way it is logged', () => {
    const output = logLines((logger) => {
      logger.info(`GET ${TARGET}`)
      logger.info({ url: TARGET, headers: { authorization: `Bearer ${API_KEY}` } }, 'done')
      logger.warn({ deep: { list: [{ 'X-Amz-Signature': SIGNATURE }] } })
      logger.error(new Error(`GET ${TARGET} failed`))
      logger.child({ key: API_KEY }).info('child')
    })
    assert.ok(!output.includes(SIGNATURE) && !output.includes(API_KEY.slice(3)))
    const lines = output.trimEnd().split('\n')
    assert.equal(lines.length, 5)
    for (const line of lines)
      assert.equal(typeof (JSON.parse(line) as { level: number }).level, 'number')
    assert.ok(output.includes('X-Amz-Date=20260314T092653Z'))
  })

  test('serializes what JSON cannot hold without throwing', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    assert.equal(redactSerializer(cycle), '[unserializable]')
    assert.equal(redactSerializer(17), 17)
    assert.deepEqual(redactSerializer({ signature: SIGNATURE, n: 1 }), {
      signature: '[redacted]',
      n: 1,
    })
  })
})
