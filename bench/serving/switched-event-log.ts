/** In place of the server's own (switch-events.ts): SIGUSR2 has what is noted forgotten, the next one has it written down again. */
import process from 'node:process'
import { createEventLog as createRealLog } from '../../packages/server/src/core/events/event-log.ts'
import type { EventLog } from '../../packages/server/src/core/events/event-log.ts'

let isOn = true
process.on('SIGUSR2', () => {
  isOn = !isOn
})

export function createEventLog(options: Parameters<typeof createRealLog>[0]): EventLog {
  const log = createRealLog(options)
  return {
    note(use) {
      if (isOn) log.note(use)
    },
    noteKey(keyId, from) {
      if (isOn) log.noteKey(keyId, from)
    },
    flush: () => log.flush(),
  }
}
