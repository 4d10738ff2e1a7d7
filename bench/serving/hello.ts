/** node:http with an answer at hand, in a process of its own: what Hallpass itself adds is what it is slower. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Contestant } from './contestant.ts'
import { HELLO, KIB } from './operations.ts'

/** Larger bodies are a question of the socket. */
const LARGEST = 64 * KIB

export async function startHello(): Promise<Contestant> {
  const child = fork(fileURLToPath(new URL('hello-server.ts', import.meta.url)))
  const [port] = (await once(child, 'message')) as [number]
  return {
    name: HELLO,
    s3: null,
    targetOf: ({ method, bytes }) =>
      method === 'GET' && bytes > 0 && bytes <= LARGEST
        ? { origin: `http://127.0.0.1:${port}`, paths: [`/${bytes}`] }
        : null,
    fill: () => Promise.resolve(),
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
