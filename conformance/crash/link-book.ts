/** The links of one client: what it needs to use them, and how the ledger calls them and what becomes of them. */
import type { Ledger, State } from './ledger.ts'

export interface HeldLink {
  readonly id: string
  readonly url: string
  readonly key: string
  readonly maxUses: number
}

export interface LinkBook {
  readonly links: () => readonly HeldLink[]
  /** The oldest is forgotten when there are too many to look at after each crash. */
  add(link: HeldLink): void
  /** Those of a file, or all, that would still serve it. */
  working(key?: string): readonly HeldLink[]
}

const MOST_LINKS = 12

export function createLinkBook(ledger: Ledger): LinkBook {
  const links: HeldLink[] = []
  return {
    links: () => links,
    add(link) {
      links.push(link)
      ledger.note(linkName(link), formatLinkState({ uses: 0, maxUses: link.maxUses }))
      const oldest = links.length > MOST_LINKS ? links.shift() : undefined
      if (oldest !== undefined) ledger.forget(linkName(oldest))
    },
    working: (key) =>
      links.filter(
        (link) => (key === undefined || link.key === key) && isWorking(ledger.held(linkName(link))),
      ),
  }
}

export function linkName({ id }: Pick<HeldLink, 'id'>): string {
  return `link ${id}`
}

/** In the words of the server's own record. */
export function formatLinkState({
  uses,
  maxUses,
}: {
  readonly uses: number
  readonly maxUses: number
}): string {
  return `${uses < maxUses ? 'active' : 'used-up'} ${uses}`
}

export function isWorking(state: State): boolean {
  return state?.startsWith('active ') ?? false
}

function isUsedUp(state: State): boolean {
  return state?.startsWith('used-up ') ?? false
}

/** The state after one more use, of a link that works. */
export function used(link: HeldLink, state: State): string {
  return formatLinkState({ uses: usesOf(state) + 1, maxUses: link.maxUses })
}

export function revoked(state: State): string {
  return `revoked ${usesOf(state)}`
}

/**
 * Whether what was found of a link is what the client knows of it. One whose last byte the client has, and the server does not know to
 * have arrived yet, ends with its file: it is revoked in the record and used up for the client, and serves neither of them anything.
 */
export function isSameEnd(held: State, found: State): boolean {
  return isUsedUp(held) && found === revoked(held)
}

function usesOf(state: State): number {
  return Number(state?.split(' ')[1] ?? 0)
}
