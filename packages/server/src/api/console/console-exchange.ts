/** One request for the console and its answer, as app.ts hands them over. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ConsoleExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly clientIp: string
}
