/** How many processes the server of a test is: one, or as many as HALLPASS_TEST_NODES says, over PostgreSQL and SeaweedFS. */
import process from 'node:process'

const given = process.env['HALLPASS_TEST_NODES'] ?? '1'
if (!/^[1-9]$/.test(given)) throw new Error(`HALLPASS_TEST_NODES is from 1 to 9: ${given}`)

export const NODES: number = Number(given)

/** `false`, or why a test is left out where its server is many processes. */
export function needsOneProcess(why: string): string | false {
  return NODES === 1 ? false : `not over ${NODES} nodes: ${why}`
}

export const MOVES_CLOCK: string | false = needsOneProcess('it moves the clock of the server')

/** Nobody sets them but a test. */
export const OWN_LIMITS: string | false = needsOneProcess('its limits are no settings')
