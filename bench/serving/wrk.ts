/** Runs wrk: one thread, kept-alive connections, prepared requests that take turns. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Target } from './contestant.ts'
import { MIB } from './operations.ts'
import type { Operation } from './operations.ts'
import { findProgram } from './programs.ts'

const run = promisify(execFile)

const SCRIPT = `
local requests = {}
function init(args)
  local method, list, size = args[1], args[2], tonumber(args[3])
  local headers, body = { Host = wrk.headers["Host"] }, nil
  if method == "PUT" then
    body = string.rep("x", size)
    headers["Content-Length"] = tostring(size)
  end
  for path in io.lines(list) do
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end
local at = 0
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("result %d %d %d %d %d %d\\n", summary.requests, summary.bytes,
    summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(99)))
end
`

export interface LoadOptions {
  readonly folder: string
  readonly seconds: number
}

export interface Load {
  /** In the operation's unit. */
  readonly perSecond: number
  readonly requests: number
}

/** Throws if an answer was not 2xx: then it measured something else. */
export async function runWrk(
  operation: Operation,
  target: Target,
  { folder, seconds }: LoadOptions,
): Promise<Load> {
  const script = join(folder, 'load.lua')
  const list = join(folder, 'paths.txt')
  await writeFile(script, SCRIPT)
  await writeFile(list, target.paths.join('\n'))
  const how = ['-t', '1', '-c', String(operation.connections), '-d', `${seconds}s`]
  const what = [operation.method, list, String(operation.bytes)]
  const { stdout } = await run(
    findProgram('wrk'),
    how.concat('--timeout', '20s', '-s', script, target.origin, '--', what),
  )
  const result = /^result (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/m.exec(stdout)?.slice(1).map(Number)
  const [requests = 0, bytes = 0, micros = 1, refused = 0, broken = 0] = result ?? []
  if (result === undefined || refused + broken > 0) {
    throw new Error(`${operation.name}: ${refused} answers not 2xx, ${broken} broken:\n${stdout}`)
  }
  const moved = operation.unit === 'MiB' ? bytes / MIB : requests
  return { perSecond: moved / (micros / 1e6), requests }
}
