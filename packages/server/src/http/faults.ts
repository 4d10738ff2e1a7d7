/** What goes wrong below the domain: between the socket and the operation. Each face renders them its own way. */

export type HttpFaultCode =
  /** The body came slower than the server waits for. */
  | 'body-too-slow'
  /** The connection ended before the request did: there is nobody left to answer. */
  | 'client-gone'
  /** The name in `Host` is not one that this server, or this part of it, answers to. */
  | 'host-not-served'

const MESSAGES: Readonly<Record<HttpFaultCode, string>> = {
  'body-too-slow': 'The body of the request arrived too slowly.',
  'client-gone': 'The client closed the connection before its request was complete.',
  'host-not-served':
    'This server does not answer under the host name of the request: it is not one that whoever runs it has set.',
}

export class HttpFault extends Error {
  override readonly name: string = 'HttpFault'
  readonly code: HttpFaultCode

  constructor(code: HttpFaultCode) {
    super(MESSAGES[code])
    this.code = code
  }
}
