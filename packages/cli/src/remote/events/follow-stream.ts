/**
 * Server-sent events, taken up again where they broke off.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import { readAnswer, unreachable } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { parseMessages } from './parse-messages.ts'

const RETRY_EVERY_MS = 1000

export interface Following {
  /** Percent-encoded, with its query. */
  readonly path: string
  /** Told why when the stream broke off, and it is tried again. */
  readonly onBroken: (reason: string) => void
}

/** Ends never by itself. Throws for what the server refuses, and if it cannot be reached at the beginning. */
export async function* followStream(
  connection: Connection,
  { path, onBroken }: Following,
): AsyncGenerator {
  let lastId = ''
  for (let isFirst = true; ; isFirst = false) {
    try {
      const body = await openStream(connection, path, lastId)
      for await (const { id, data } of parseMessages(body)) {
        lastId = id === '' ? lastId : id
        yield JSON.parse(data)
      }
      onBroken('the server ended it')
    } catch (error) {
      const mayPass = error instanceof CliError ? error.exitCode === EXIT.failure : !isFirst
      if (isFirst || !mayPass) throw error
      onBroken(error instanceof Error ? error.message : 'no answer')
    }
    await sleep(RETRY_EVERY_MS)
  }
}

async function openStream(
  connection: Connection,
  path: string,
  lastId: string,
): Promise<ReadableStream<Uint8Array>> {
  const { origin, apiKey } = connection
  const headers = {
    authorization: `Bearer ${apiKey}`,
    accept: 'text/event-stream',
    ...(lastId !== '' && { 'last-event-id': lastId }),
  }
  const response = await fetch(`${origin}${path}`, { headers, redirect: 'manual' }).catch(
    (error: unknown) => {
      throw unreachable(origin, error)
    },
  )
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (response.status === 200 && isStream && response.body !== null) return response.body
  const answer = { status: response.status, text: await response.text() }
  return readAnswer(
    connection,
    { names: { path: '--path', since: '--since' } },
    {
      ...answer,
      read: () => {
        throw new CliError(`${origin} sent no stream of events. Is --url right?`, EXIT.failure)
      },
    },
  )
}
