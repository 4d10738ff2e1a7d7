/** Events as they are written, and the question that finds them all. */
import type { EventDraft, ListEventsQuery } from '../../src/catalog/event-steps.ts'

/** A use of a link. */
export function useOf(more: Partial<EventDraft> = {}): EventDraft {
  return {
    at: 1000,
    kind: 'link.used',
    code: null,
    linkId: 'link_1',
    keyId: 'HPKEY',
    path: 'acme/a.txt',
    target: null,
    address: '203.0.113.9',
    agent: null,
    referrer: null,
    bytes: 3,
    count: 1,
    ...more,
  }
}

export function askEvents(more: Partial<ListEventsQuery> = {}): ListEventsQuery {
  return {
    linkId: null,
    path: null,
    keyId: null,
    code: null,
    kind: null,
    pathPrefix: '',
    sinceMs: null,
    before: null,
    limit: 1000,
    ...more,
  }
}
