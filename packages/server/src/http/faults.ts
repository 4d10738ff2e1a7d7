/** What goes wrong below the domain: between the socket and the operation. Each face renders them its own way. */

export type HttpFaultCode =
  /** The body came slower than the server waits for. */
  | 'body-too-slow'
  /** The connection ended before the request did: there is nobody left to answer. */
  | 'client-gone'

const MESSAGES: Readonly<Record<HttpFaultCode, string>> = {
  'body-too-slow': 'The body of the request arrived too slowly.',
  'client-gone': 'The client closed the connection before its request was complete.',
}

export class HttpFault extends Error {
  override readonly name: string = 'HttpFault'
  readonly code: HttpFaultCode

  constructor(code: HttpFaultCode) {
    super(MESSAGES[code])
    this.code = code
  }
}
