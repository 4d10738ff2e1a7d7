/** Answers `GET /BYTES` with as many, and says its port to the process that started it. */
import { createServer } from 'node:http'
import process from 'node:process'

const bodies = new Map<string, Buffer>()

const server = createServer((request, response) => {
  const target = request.url ?? ''
  const body = bodies.get(target) ?? Buffer.alloc(Number(target.slice(1)), 'x')
  bodies.set(target, body)
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.send?.(address.port)
})
process.on('disconnect', () => process.exit())
