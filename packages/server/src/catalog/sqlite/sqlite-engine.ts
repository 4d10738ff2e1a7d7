/** Runs the catalog's statements in one SQLite file. */
import type { SqlEngine } from '../sql/script.ts'
import type { Connection } from './connection.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'
import type { Reserve } from './reserve.ts'
import { prepareStatement, query, runReady, valueOf } from './statement.ts'

export function createSqliteEngine(connection: Connection, reserve: Reserve): SqlEngine {
  const commits = createGroupCommit(connection, reserve)
  const reads = createGroupRead(connection)
  return {
    query,
    prepare: (build) => prepareStatement(connection, build),
    write: (script, options) => commits.write(() => runReady(script()), options),
    read: (script) => reads.read(() => runReady(script()), false),
    readSettled: (script) => reads.read(() => runReady(script()), false),
    lookUp: (statement, values, convert) =>
      reads.read(() => {
        const row = valueOf(statement.get(values))
        return row === undefined ? null : convert(row)
      }, true),
    close: async () => {
      await commits.drain()
      connection.close()
    },
  }
}
