/** Whether somebody would notice, and could look up what happened. Pure. */
import { DAY_MS } from '../../platform/durations.ts'
import { DEFAULT_THRESHOLDS } from '../watch/thresholds.ts'
import { finding } from './checklist.ts'
import type { Fault, Finding } from './checklist.ts'
import type { ChecklistFacts } from './facts.ts'

const AUDIT_DAYS = 90
const SEEN_TO_DAYS = 7

export function judgeWatching(facts: ChecklistFacts): Finding[] {
  return [
    finding('watching', 'rules', {
      passed: 'Every rule of the watch is on, everywhere.',
      fault: findSilenced(facts),
    }),
    finding('watching', 'told', {
      passed: 'A webhook is told of every alert.',
      fault: findNobodyTold(facts),
    }),
    finding('watching', 'open-alerts', {
      passed: `No alert has been open for longer than ${SEEN_TO_DAYS} days.`,
      fault: findForgottenAlerts(facts),
    }),
    finding('records', 'audit-days', {
      passed: `Who changed files and rights is kept for ${facts.auditDays} days.`,
      fault: findShortAudit(facts),
    }),
    finding('records', 'event-days', {
      passed: `What links and keys were used for is kept for ${facts.eventDays} days.`,
      fault: findShortEvents(facts),
    }),
  ]
}

function findSilenced({ watchSettings }: ChecklistFacts): Fault | null {
  const off = watchSettings.flatMap(({ path, thresholds }) =>
    Object.keys(DEFAULT_THRESHOLDS)
      .filter((name) =>
        Object.entries(thresholds).some(([set, value]) => set === name && value === null),
      )
      .map((name) => `${name} below ${path === '' ? 'everything' : path}`),
  )
  if (off.length === 0) return null
  const isEverywhere = watchSettings.some(
    ({ path, thresholds }) => path === '' && Object.values(thresholds).includes(null),
  )
  return {
    status: isEverywhere ? 'failed' : 'advice',
    found: `The watch is off: ${off.slice(0, 5).join(', ')}.`,
    remedy: 'Set a number in place of null, as high as need be: PUT /v1/watch.',
  }
}

function findNobodyTold({ webhooks }: ChecklistFacts): Fault | null {
  const isTold = webhooks.some(
    ({ disabledAt, kinds, pathPrefix }) =>
      disabledAt === null &&
      pathPrefix === '' &&
      (kinds.length === 0 || kinds.includes('alert.raised')),
  )
  if (isTold) return null
  return {
    status: 'advice',
    found: 'No webhook is told of alerts: somebody has to look at them.',
    remedy:
      'Make one for alert.raised (POST /v1/webhooks), or watch hallpass_alerts_total of the metrics.',
  }
}

function findForgottenAlerts({ alertsRaisedAt, nowMs }: ChecklistFacts): Fault | null {
  const forgotten = alertsRaisedAt.filter((at) => nowMs - at > SEEN_TO_DAYS * DAY_MS).length
  if (forgotten === 0) return null
  return {
    found: `${forgotten} alerts have been open for longer than ${SEEN_TO_DAYS} days.`,
    remedy: 'Look at them, and close them: hallpass alerts list, hallpass alerts close ID.',
  }
}

function findShortAudit({ auditDays }: ChecklistFacts): Fault | null {
  if (auditDays >= AUDIT_DAYS) return null
  return {
    found: `Who changed files and rights is kept for ${auditDays} days.`,
    remedy: `Set HALLPASS_AUDIT_DAYS to ${AUDIT_DAYS} or more: leaks are often found months later.`,
  }
}

function findShortEvents({ eventDays }: ChecklistFacts): Fault | null {
  if (eventDays >= SEEN_TO_DAYS) return null
  return {
    status: 'advice',
    found: `What links and keys were used for is kept for ${eventDays} days.`,
    remedy: `Set HALLPASS_EVENT_DAYS to ${SEEN_TO_DAYS} or more.`,
  }
}
