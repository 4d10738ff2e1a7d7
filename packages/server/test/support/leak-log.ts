/**
 * A log as the field writes it, from a seed: people at home, on mobile networks and behind the one address of an office, teams, scanners of
 * mail, caches in front, clients that try again, old links that are asked for again; and in between leaks of eight kinds, each of
 * which is known. What a rule is worth is how many of those it finds, and how often it cries at the others.
 */
import type { EventRecord } from '../../src/catalog/event-steps.ts'
import { hashText } from '../../src/core/watch/hash-text.ts'
import type { WatchSetting } from '../../src/core/watch/thresholds.ts'

export const LEAK_KINDS = [
  'posted-in-public',
  'passed-on-in-a-chat',
  'used-after-expiry',
  'used-after-revocation',
  'enumeration',
  'shown-on-a-foreign-page',
  'copied-in-bulk',
  'stolen-key',
] as const
export type LeakKind = (typeof LEAK_KINDS)[number]

export interface Leak {
  readonly kind: LeakKind
  /** The link, key or address that an alert must name. */
  readonly subject: string
}

export interface LeakLog {
  /** In the order of their times. */
  readonly events: readonly EventRecord[]
  readonly leaks: readonly Leak[]
  /** A newsletter is for many, and whoever runs it says so. */
  readonly settings: readonly WatchSetting[]
}

export interface LeakLogOptions {
  readonly seed: number
  readonly requests: number
  readonly leaks: number
}

export const OWN_PAGE = 'app.example'

const START_MS = Date.UTC(2026, 0, 5)
const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const DAYS = 3

export function createLeakLog({ seed, requests, leaks: count }: LeakLogOptions): LeakLog {
  const dice = createDice(seed)
  const events = [...createBenign(dice, requests)]
  const leaks: Leak[] = []
  for (let index = 0; index < count; index += 1) {
    const kind = LEAK_KINDS[index % LEAK_KINDS.length] ?? 'posted-in-public'
    const { subject, events: told } = LEAKS[kind](dice, index, countKeys(requests))
    leaks.push({ kind, subject })
    events.push(...told)
  }
  events.sort((a, b) => a.at - b.at)
  const thresholds = { networksPerDay: null, networksPerMinute: null, usesPerHour: null }
  return { events, leaks, settings: [{ path: NEWSLETTER, thresholds, pause: [] }] }
}

/** Splitmix32: the same numbers for the same seed, everywhere. */
interface Dice {
  /** A whole number from 0, less than `end`. */
  below(end: number): number
  between(from: number, end: number): number
  chance(of: number): boolean
}

function createDice(seed: number): Dice {
  let state = seed >>> 0
  const below = (end: number): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * end)
  }
  return {
    below,
    between: (from, end) => from + below(end - from),
    chance: (of) => below(1_000_000) < of * 1_000_000,
  }
}

function eventOf(more: Partial<EventRecord> & Pick<EventRecord, 'at' | 'kind'>): EventRecord {
  return {
    id: '',
    code: null,
    linkId: null,
    keyId: null,
    path: '',
    target: null,
    address: null,
    agent: null,
    referrer: null,
    bytes: 0,
    count: 1,
    detail: {},
    ...more,
  }
}

// Where people are. ---------------------------------------------------------------------------------------------

/** A provider has a few networks of 16 bits; 200 of them serve everybody at home. */
const HOME_NETWORKS = 200
const CARRIERS = 12
const NETWORKS_OF_CARRIER = 4
const OFFICES = 300

const home = (network: number, host: number): string =>
  `${80 + (network % 16)}.${network}.${host >>> 8}.${host & 255}`
const office = (number: number): string => `198.${number % 256}.${number >>> 8}.7`
const scanner = (dice: Dice): string =>
  `40.${94 + dice.below(2)}.${dice.below(256)}.${dice.below(256)}`
const cache = (dice: Dice): string =>
  `151.${101 + dice.below(3)}.${dice.below(256)}.${dice.below(256)}`
/** Strangers are everywhere. */
const stranger = (dice: Dice): string =>
  `${dice.between(1, 200)}.${dice.below(256)}.${dice.below(256)}.${dice.below(256)}`

function mobile(dice: Dice, carrier: number): string {
  const network = dice.below(NETWORKS_OF_CARRIER)
  return `100.${carrier * NETWORKS_OF_CARRIER + network}.${dice.below(256)}.${dice.below(256)}`.replace(
    /^100\./,
    '92.',
  )
}

/** Where somebody is in this hour: mostly at home or at work, else on the way. */
function whereabouts(dice: Dice, person: number, at: number): string {
  const place = hashText(`${person} ${Math.floor(at / HOUR_MS)}`, 0) % 10
  if (place < 5) return home(person % HOME_NETWORKS, person % 65_536)
  if (place < 8) return office(person % OFFICES)
  return mobile(dice, person % CARRIERS)
}

// What nothing is wrong with. ------------------------------------------------------------------------------------

const NEWSLETTER = 'news/'
const PEOPLE = 50_000

function* createBenign(dice: Dice, requests: number): Generator<EventRecord> {
  const keyRequests = Math.floor(requests / 20)
  yield* createKeyUse(dice, keyRequests, countKeys(requests))
  let made = keyRequests
  for (let number = 0; made < requests; number += 1) {
    for (const event of createLinkLife(dice, `link_b${number}`)) {
      yield event
      made += 1
      if (made >= requests) return
    }
  }
}

/** Everything that a link of its kind sees in its life. */
function createLinkLife(dice: Dice, linkId: string): readonly EventRecord[] {
  const kind = dice.below(1000)
  const begin = START_MS + dice.below(DAYS * DAY_MS - HOUR_MS)
  if (kind < 1) return createNewsletter(dice, linkId, begin)
  if (kind < 100) return createEmbedded(dice, linkId, begin)
  if (kind < 130) return createCached(dice, linkId, begin)
  const people = kind < 800 ? [dice.below(PEOPLE)] : createTeam(dice)
  return people.flatMap((person) => createVisits(dice, { linkId, begin, person }))
}

function createTeam(dice: Dice): readonly number[] {
  return Array.from({ length: dice.between(2, 7) }, () => dice.below(PEOPLE))
}

interface Visitor {
  readonly linkId: string
  readonly begin: number
  readonly person: number
}

/** Opens it a few times, with parts and repetitions; a scanner was there before; now and then too late. */
function createVisits(dice: Dice, { linkId, begin, person }: Visitor): readonly EventRecord[] {
  const path = `acme/${linkId}`
  const visits: EventRecord[] = []
  const use = (at: number, address: string, count = 1): void => {
    const bytes = dice.between(2_000, 4_000_000)
    visits.push(eventOf({ at, kind: 'link.used', linkId, path, address, bytes, count }))
  }
  if (dice.chance(0.2)) use(begin, scanner(dice))
  for (let left = dice.between(1, 4); left > 0; left -= 1) {
    const at = begin + dice.below(30 * MINUTE_MS)
    use(at, whereabouts(dice, person, at), dice.chance(0.1) ? dice.between(2, 12) : 1)
  }
  if (dice.chance(0.15)) {
    // A mail is opened again, and again: each day a few times, for the same person.
    for (let left = dice.between(1, 6); left > 0; left -= 1) {
      const at = begin + HOUR_MS + dice.below(20 * HOUR_MS)
      const address = whereabouts(dice, person, at)
      const code = 'signature-expired'
      visits.push(eventOf({ at, kind: 'request.refused', code, linkId, path, address }))
    }
  }
  if (dice.chance(0.01)) visits.push(...createPoller(dice, { linkId, begin, person }))
  if (dice.chance(0.02)) visits.push(...createMistakes(dice, begin, person))
  return visits
}

/** A reader of feeds asks for a picture that is long gone, every quarter of an hour. */
function createPoller(dice: Dice, { linkId, begin, person }: Visitor): readonly EventRecord[] {
  const address = home(person % HOME_NETWORKS, person % 65_536)
  return Array.from({ length: dice.between(20, 80) }, (_, index) =>
    eventOf({
      at: begin + HOUR_MS + index * 15 * MINUTE_MS,
      kind: 'request.refused',
      code: 'signature-expired',
      linkId,
      path: `acme/${linkId}`,
      address,
    }),
  )
}

/** A client that encodes names wrongly tries the same few again and again, from the office that all share. */
function createMistakes(dice: Dice, begin: number, person: number): readonly EventRecord[] {
  const code = dice.chance(0.5) ? 'signature-mismatch' : 'file-not-found'
  return Array.from({ length: dice.between(1, 8) }, (_, index) =>
    eventOf({
      at: begin + index * 20 * SECOND_MS,
      kind: 'request.refused',
      code,
      path: `acme/wrong name ${index % 2}-${person}`,
      address: whereabouts(dice, person, begin),
    }),
  )
}

/** For hundreds of readers, within a day. */
function createNewsletter(dice: Dice, linkId: string, begin: number): readonly EventRecord[] {
  return Array.from({ length: dice.between(200, 600) }, () => {
    const at = begin + Math.floor(DAY_MS * (dice.below(1000) / 1000) ** 2)
    return eventOf({
      at,
      kind: 'link.used',
      linkId,
      path: `${NEWSLETTER}${linkId}`,
      address: whereabouts(dice, dice.below(PEOPLE), at),
      bytes: 300_000,
    })
  })
}

/** A picture on our own page, for a few people. */
function createEmbedded(dice: Dice, linkId: string, begin: number): readonly EventRecord[] {
  const people = createTeam(dice)
  return Array.from({ length: dice.between(2, 30) }, (_, index) =>
    eventOf({
      at: begin + dice.below(20 * MINUTE_MS),
      kind: 'link.used',
      linkId,
      path: `acme/${linkId}`,
      address: whereabouts(dice, people[index % people.length] ?? 0, begin),
      referrer: OWN_PAGE,
      bytes: 80_000,
    }),
  )
}

/** A cache in front asks from each of its places. */
function createCached(dice: Dice, linkId: string, begin: number): readonly EventRecord[] {
  return Array.from({ length: dice.between(5, 60) }, () =>
    eventOf({
      at: begin + dice.below(HOUR_MS),
      kind: 'link.used',
      linkId,
      path: `acme/${linkId}`,
      address: cache(dice),
      bytes: 900_000,
    }),
  )
}

/** Each is used fifty times. */
function countKeys(requests: number): number {
  return Math.min(200, Math.max(10, Math.floor(requests / 20 / 50)))
}

/** Of somebody who travels, or of a build that runs anywhere: every tenth. */
function isRoaming(number: number): boolean {
  return number % 10 === 0
}

function* createKeyUse(dice: Dice, requests: number, keys: number): Generator<EventRecord> {
  for (let index = 0; index < requests; index += 1) {
    const number = index % keys
    const at = START_MS + Math.floor((index / requests) * DAYS * DAY_MS)
    const address = isRoaming(number) ? stranger(dice) : `203.${number}.113.${1 + (index % 3)}`
    yield eventOf({ at, kind: 'key.used', keyId: `key_b${number}`, address })
  }
}

// What is wrong. ---------------------------------------------------------------------------------------------------

interface Told {
  readonly subject: string
  readonly events: readonly EventRecord[]
}

type TellLeak = (dice: Dice, index: number, keys: number) => Told

/** Within one day, as far from its ends as the leak takes. */
function moment(dice: Dice, length: number): number {
  return START_MS + dice.below(DAYS) * DAY_MS + dice.below(DAY_MS - length)
}

function spread(dice: Dice, index: number, options: Spread): Told {
  const subject = `link_leak${index}`
  const begin = moment(dice, options.length)
  const events = Array.from({ length: options.count }, () =>
    eventOf({
      at: begin + dice.below(options.length),
      kind: options.code === null ? 'link.used' : 'request.refused',
      code: options.code,
      linkId: subject,
      path: `acme/${subject}`,
      address: stranger(dice),
      bytes: options.code === null ? 500_000 : 0,
    }),
  )
  return { subject, events }
}

interface Spread {
  readonly count: number
  readonly length: number
  readonly code: string | null
}

const LEAKS: Readonly<Record<LeakKind, TellLeak>> = {
  'posted-in-public': (dice, index) =>
    spread(dice, index, { count: dice.between(45, 400), length: 10 * HOUR_MS, code: null }),
  'passed-on-in-a-chat': (dice, index) =>
    spread(dice, index, { count: dice.between(14, 25), length: 45 * SECOND_MS, code: null }),
  'used-after-expiry': (dice, index) =>
    spread(dice, index, {
      count: dice.between(22, 80),
      length: 9 * HOUR_MS,
      code: 'signature-expired',
    }),
  'used-after-revocation': (dice, index) =>
    spread(dice, index, { count: dice.between(22, 80), length: 9 * HOUR_MS, code: 'link-revoked' }),
  enumeration: (dice) => {
    const subject = stranger(dice)
    const begin = moment(dice, 10 * MINUTE_MS)
    const code = dice.chance(0.5) ? 'signature-mismatch' : 'unauthenticated'
    const events = Array.from({ length: dice.between(80, 600) }, (_, tried) =>
      eventOf({
        at: begin + dice.below(8 * MINUTE_MS),
        kind: 'request.refused',
        code,
        path: `acme/invoice-${1000 + tried}.pdf`,
        address: subject,
      }),
    )
    return { subject, events }
  },
  'shown-on-a-foreign-page': (dice, index) => {
    const subject = `link_leak${index}`
    const begin = moment(dice, 8 * HOUR_MS)
    // A page for one town: many visitors, few networks.
    const towns = dice.between(3, 7)
    const events = Array.from({ length: dice.between(30, 300) }, () =>
      eventOf({
        at: begin + dice.below(8 * HOUR_MS),
        kind: 'link.used',
        linkId: subject,
        path: `acme/${subject}`,
        address: home(dice.below(towns), dice.below(65_536)),
        referrer: 'forum.example',
        bytes: 200_000,
      }),
    )
    return { subject, events }
  },
  'copied-in-bulk': (dice, index) => {
    const subject = `link_leak${index}`
    // Within one hour of the clock.
    const begin = START_MS + dice.below(DAYS * 24) * HOUR_MS
    const address = stranger(dice)
    const isMany = dice.chance(0.5)
    const events = Array.from({ length: isMany ? dice.between(700, 3000) : 90 }, () =>
      eventOf({
        at: begin + dice.below(HOUR_MS),
        kind: 'link.used',
        linkId: subject,
        path: `acme/${subject}`,
        address,
        bytes: isMany ? 10_000 : 1024 ** 3,
      }),
    )
    return { subject, events }
  },
  'stolen-key': (dice, index, keys) => {
    const number = index % keys
    const subject = `key_b${isRoaming(number) ? number + 1 : number}`
    const at = START_MS + 2 * DAY_MS + dice.below(DAY_MS)
    const address = stranger(dice)
    const events = Array.from({ length: dice.between(1, 4) }, (_, times) =>
      eventOf({ at: at + times * MINUTE_MS, kind: 'key.used', keyId: subject, address }),
    )
    return { subject, events }
  },
}
