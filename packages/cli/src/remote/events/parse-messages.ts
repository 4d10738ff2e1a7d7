/**
 * The messages of a stream of server-sent events.
 *
 * @module
 */
export interface Message {
  /** `''` if it has none. */
  readonly id: string
  readonly data: string
}

/** Those that have data. A message that the end of the stream cuts off is left out. */
export async function* parseMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let id = ''
  let data: string[] = []
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield { id, data: data.join('\n') }
      id = ''
      data = []
      continue
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (name === 'id') id = value
    if (name === 'data') data.push(value)
  }
}

/** Without their ends: a line feed, with a carriage return before it or not. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
}
