/** Runs the catalog's statements in a PostgreSQL database. */
import type { Script, SqlEngine, Statement } from '../sql/script.ts'
import type { Connections } from './connections.ts'
import { createLanes } from './lanes.ts'
import { createScriptRunner, query } from './statement.ts'
import { createJob, createTransactions } from './transactions.ts'

/** `connections` are at most `max`, of which some stay free for reading whatever is written. */
export function createPostgresEngine(connections: Connections, max: number): SqlEngine {
  const runner = createScriptRunner()
  const transactions = createTransactions(connections, runner)
  const lanes = createLanes(transactions, Math.max(1, Math.floor(max / 2)))
  return {
    query,
    prepare: runner.prepare,
    write: (script, { touches, isShareable = false } = {}) =>
      new Promise((resolve, reject) => {
        const job = createJob(script, { resolve, reject })
        if (touches === undefined) lanes.alone(job)
        else lanes.beside({ job, touches, isShareable })
      }),
    read: (script) => transactions.read(script),
    // Alone there is nobody who has written something and not committed it yet.
    readSettled: (script) =>
      new Promise((resolve, reject) => lanes.alone(createJob(script, { resolve, reject }))),
    lookUp: (statement, values, convert) =>
      transactions.ask(async (connection) => {
        const row = await runner.run(connection, once(statement, values))
        return row === undefined ? null : convert(row)
      }),
    close: async () => {
      await lanes.drain()
      await connections.close()
    },
  }
}

function* once<Values, Row>(
  statement: Statement<Values, Row>,
  values: Values,
): Script<Row | undefined> {
  return yield* statement.get(values)
}
