/**
 * Why a request fails, by the word of the server it is for.
 *
 * @module
 */
import type { ExplainableResponse } from '@hallpass/signing/explain'
import { CliError } from '../io.ts'
import { printable } from '../output.ts'
import type { WrittenRequest } from '../requests.ts'
import { callServer } from './call-server.ts'
import type { Connection } from './connection.ts'
import { listOf, memberOf, numberOf, textOf, textOrNullOf } from './read-shape.ts'

export interface ServersWord {
  /** As the server answered it. */
  readonly answer: unknown
  readonly isRecognised: boolean
  readonly text: string
}

const NAMES = { url: 'the URL', method: '--method', headers: '--header', ip: '--ip' }

export function askServer(
  connection: Connection,
  request: WrittenRequest,
  response: ExplainableResponse | undefined,
): Promise<ServersWord> {
  const { url, method, headers, clientIp: ip } = request
  if (/^\s*curl\s/.test(url)) {
    throw new CliError('--server takes a URL: give method and headers by --method and --header.')
  }
  const { status, body } = response ?? {}
  const answer = { ...(status !== undefined && { status }), ...(body !== undefined && { body }) }
  const json = {
    url,
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(headers !== undefined && { headers }),
    ...(ip !== undefined && { ip }),
    ...(response !== undefined && { answer }),
  }
  return callServer(connection, { method: 'POST', path: '/v1/explain', json, names: NAMES }, read)
}

function read(answer: unknown): ServersWord {
  const dialect = textOrNullOf(answer, 'dialect')
  const causes = listOf(answer, 'causes', (cause) => cause)
  const advice = listOf(answer, 'advice', (cause) => cause)
  const lines = [
    memberOf(answer, 'isHere') === true
      ? 'A request to this server.'
      : 'A request to another service.',
    dialect === null ? 'No known signature.' : `Dialect: ${dialect}`,
    `Signature: ${textOf(answer, 'signature')}`,
    ...causes.flatMap(formatCause),
    ...(advice.length === 0 ? [] : ['', 'Beside it, and no reason of the failure:']),
    ...advice.map((cause) => `- ${textOf(cause, 'what')}`),
  ]
  return {
    answer,
    isRecognised: memberOf(answer, 'isHere') === true || dialect !== null,
    text: `${lines.map(printable).join('\n')}\n`,
  }
}

function formatCause(cause: unknown, at: number): string[] {
  const fix = textOrNullOf(cause, 'fix')
  const evidence = textOrNullOf(cause, 'evidence')
  const confidence = Math.round(numberOf(cause, 'confidence') * 100)
  return [
    '',
    `${at + 1}. ${textOf(cause, 'what')}  [${textOf(cause, 'code')}, ${confidence} %]`,
    ...(fix === null ? [] : [`   Fix: ${fix}`]),
    ...(evidence === null ? [] : [`   Seen: ${evidence}`]),
  ]
}
