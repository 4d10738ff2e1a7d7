/**
 * `hallpass links revoke`.
 *
 * @module
 */
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { parseId } from '../option-values.ts'
import { write } from '../output.ts'
import { callServer } from './call-server.ts'
import { addConnectionOptions, readConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { readNothing } from './read-shape.ts'

export function createRevokeLinkCommand(io: CliIo): Command {
  const command = new Command('revoke')
    .description('Ends a link at once. Its record stays; revoking twice is fine.')
    .argument('<ID>', "the link's id, from 'hallpass links list'; its URL is none", parseId)
  return addConnectionOptions(command).action(async (id: string, options: ConnectionOptions) => {
    const path = `/v1/links/${encodeURIComponent(id)}`
    await callServer(await readConnection(io, options), { method: 'DELETE', path }, readNothing)
    await write(io.stdout, `revoked ${id}\n`)
  })
}
