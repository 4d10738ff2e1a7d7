/**
 * `hallpass links show`, `pause` and `resume`.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { parseId } from '../option-values.ts'
import { formatFacts, write, writeJsonLine } from '../output.ts'
import { callServer } from './call-server.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { readNothing } from './read-shape.ts'

export function createShowLinkCommand(io: CliIo): Command {
  const command = new Command('show')
    .description('Shows a link with all that became of it, never its URL.')
    .argument('<ID>', "the link's id", parseId)
    .option('--json', 'as JSON')
  return addConnectionOptions(command).action(
    async (id: string, options: ConnectionOptions & { readonly json?: boolean }) => {
      const path = `/v1/links/${encodeURIComponent(id)}`
      const connection = await readConnection(io, options)
      const link = await callServer(connection, { method: 'GET', path }, (answer) => answer)
      if (options.json === true) await writeJsonLine(io.stdout, link)
      else await write(io.stdout, formatFacts(factsOf(link)))
    },
  )
}

/** What it says, and not what it could have said. */
function factsOf(link: unknown): [string, string][] {
  return Object.entries(link ?? {}).flatMap(([name, value]: [string, unknown]) => {
    if (value === null) return []
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
  })
}

const CHANGES = {
  pause: { done: 'paused', says: 'Lets nobody have the file by a link, until it is resumed.' },
  resume: { done: 'resumed', says: 'Lets a link that was paused go on.' },
} as const

export function createChangeLinkCommand(io: CliIo, change: keyof typeof CHANGES): Command {
  const { done, says } = CHANGES[change]
  const command = new Command(change).description(says).argument('<ID>', "the link's id", parseId)
  return addConnectionOptions(command).action(async (id: string, options: ConnectionOptions) => {
    const path = `/v1/links/${encodeURIComponent(id)}/${change}`
    await callServer(await readConnection(io, options), { method: 'POST', path }, readNothing)
    await write(io.stdout, `${done} ${id}\n`)
  })
}
