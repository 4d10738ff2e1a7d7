/**
 * What the guard promises, written down a second time in the plainest way: no catalog, no epochs, no caches, no processes, and none of the
 * product's code. Every question about a link is answered from the whole history of what was done.
 */

export const PATHS = ['a/x.txt', 'a/y.txt', 'b/z.txt'] as const
export type Path = (typeof PATHS)[number]
/** Two keys of the API, which issue links, and one of S3, whose holder signs URLs without asking. */
export type Issuer = 'api-1' | 'api-2'
export type Kind = 'stored' | 'automatic' | 'foreign'
export type Scope =
  | { readonly kind: 'file'; readonly path: Path }
  | { readonly kind: 'folder'; readonly folder: 'a/' | 'b/' | '' }
  | { readonly kind: 'key'; readonly key: Issuer | 's3' }
  | { readonly kind: 'all' }

/** Of the folder `a/`; `null` for what it does not say. */
export interface Policy {
  readonly maxDownloadSeconds: number | null
  readonly mayGet: boolean
}

interface Link {
  readonly kind: Kind
  readonly path: Path
  readonly fileId: number
  /** Which of the server's signing keys it was signed with; `null` for one of the S3 key. */
  readonly signer: number | null
  readonly issuer: Issuer | null
  readonly issuedAt: number
  readonly signedAt: number
  readonly seconds: number
  readonly maxUses: number | null
  uses: number
  isRevoked: boolean
  isPaused: boolean
}

interface SigningKey {
  rotatedAt: number | null
  isEnded: boolean
}

const SKEW_MS = 900_000
const FOREIGN_MS = 60_000
const AHEAD_MS = 1000
const ROTATION_MS = 1000
const AUTOMATIC_SECONDS = 300
const LONGEST_SECONDS = 604_800

/** `ok`, or the code with which it is refused. */
export type Outcome = string

export interface Wish {
  readonly kind: Kind
  readonly path: Path
  readonly issuer: Issuer
  readonly seconds: number
  readonly maxUses: number | null
}

export interface Reference {
  /** `link` counts from 0 in the order in which links were issued; refused ones get no number. */
  issue(wish: Wish): Outcome
  use(link: number): Outcome
  revoke(link: number): Outcome
  pause(link: number, isPaused: boolean): Outcome
  sweep(scope: Scope): void
  rotate(): void
  endSigningKey(link: number): void
  endKey(key: Issuer | 's3'): Outcome
  put(path: Path): void
  remove(path: Path): void
  move(from: Path, to: Path): Outcome
  setPolicy(policy: Policy): void
  advance(ms: number): void
  usesOf(link: number): number
  links(): readonly Link[]
}

export function createReference(startMs: number): Reference {
  let now = startMs
  let nextFile = 1
  const files = new Map<Path, number>()
  /** When the file that is there came to its name. */
  const arrivals = new Map<Path, number>()
  const links: Link[] = []
  const signers: SigningKey[] = [{ rotatedAt: null, isEnded: false }]
  const endedKeys = new Set<Issuer | 's3'>()
  const sweeps = new Map<string, number>()
  let policy: Policy = { maxDownloadSeconds: null, mayGet: true }

  function policyAt(path: Path): Policy {
    return path.startsWith('a/') ? policy : { maxDownloadSeconds: null, mayGet: true }
  }

  function longest(path: Path): number {
    return policyAt(path).maxDownloadSeconds ?? LONGEST_SECONDS
  }

  /** The latest moment before which what was issued is dead. */
  function sweptUntil(link: Pick<Link, 'path' | 'signer' | 'issuer'>): number {
    const scopes = ['all', `file ${link.path}`, 'folder ', `folder ${link.path.slice(0, 2)}`]
    scopes.push(link.signer === null ? 'key s3' : `signer ${link.signer}`)
    if (link.issuer !== null) scopes.push(`key ${link.issuer}`)
    return Math.max(0, ...scopes.map((scope) => sweeps.get(scope) ?? 0))
  }

  function issue({ kind, path, issuer, seconds: wanted, maxUses }: Wish): Outcome {
    const fileId = files.get(path)
    const base = { path, isRevoked: false, isPaused: false, uses: 0 }
    if (kind === 'foreign') {
      const at = Math.floor(now / 1000) * 1000
      const own = { signer: null, issuer: null, issuedAt: at, signedAt: at }
      links.push({ ...base, ...own, kind, fileId: 0, seconds: wanted, maxUses: null })
      return 'ok'
    }
    if (endedKeys.has(issuer)) return 'forbidden'
    const isStored = kind === 'stored'
    const signer = signers.length - 1
    const until = sweptUntil({ path, signer, issuer })
    const isAhead = until > now + AHEAD_MS
    const isGetRefused = !policyAt(path).mayGet
    if (!isStored && fileId === undefined) return 'file-not-found'
    if (isStored && wanted > longest(path)) return 'expiry-too-long'
    if (!isStored && isGetRefused) return 'policy-refused'
    if (isAhead) return 'revocation-ahead'
    if (isGetRefused) return 'policy-refused'
    if (fileId === undefined) return 'file-not-found'
    const issuedAt = Math.max(now, until, arrivalFor(kind, path))
    const signedAt = Math.ceil(issuedAt / 1000) * 1000
    const seconds = isStored ? wanted : Math.min(AUTOMATIC_SECONDS, longest(path))
    const own = { signer, issuer, issuedAt, signedAt, seconds, fileId }
    links.push({ ...base, ...own, kind, maxUses: isStored ? maxUses : null })
    return 'ok'
  }

  /** Of the file that an automatic link is for; no other asks. */
  function arrivalFor(kind: Kind, path: Path): number {
    return kind === 'automatic' ? (arrivals.get(path) ?? 0) : 0
  }

  function outOfTime({ signedAt, seconds }: Link): Outcome | null {
    if (signedAt - now > SKEW_MS) return 'signature-not-yet-valid'
    return now >= signedAt + seconds * 1000 ? 'signature-expired' : null
  }

  /** A key that was rotated away goes on for what it had signed by then. */
  function notByKey({ signer, issuedAt, signedAt }: Link): Outcome | null {
    const key = signer === null ? undefined : signers[signer]
    if (key === undefined) return endedKeys.has('s3') ? 'key-unknown' : null
    if (key.isEnded) return 'key-unknown'
    if (key.rotatedAt === null) return null
    const latest = key.rotatedAt + ROTATION_MS
    return issuedAt > latest || signedAt >= latest + 1000 ? 'link-revoked' : null
  }

  function notByPolicy({ path, seconds }: Link): Outcome | null {
    if (!policyAt(path).mayGet) return 'policy-refused'
    return seconds > longest(path) ? 'expiry-too-long' : null
  }

  function notByRecord(link: Link): Outcome | null {
    const countsFrom = link.kind === 'foreign' ? link.signedAt - FOREIGN_MS : link.issuedAt
    if (countsFrom < sweptUntil(link) || link.isRevoked) return 'link-revoked'
    if (link.isPaused) return 'link-paused'
    return isUsedUp(link) ? 'link-used' : null
  }

  /** An automatic link has no record that could end when its file goes: that it came back says it. */
  function notByFile({ kind, path, fileId, issuedAt }: Link): Outcome | null {
    const file = files.get(path)
    if (file === undefined) return 'file-not-found'
    if (issuedAt < arrivalFor(kind, path)) return 'link-revoked'
    return kind !== 'foreign' && file !== fileId ? 'link-revoked' : null
  }

  /** The first reason against a link, in the order in which they are told. */
  function refusalOf(link: Link): Outcome | null {
    const rules = [outOfTime, notByKey, notByPolicy, notByRecord, notByFile]
    for (const rule of rules) {
      const refusal = rule(link)
      if (refusal !== null) return refusal
    }
    return null
  }

  function at(index: number): Link {
    const link = links[index]
    if (link === undefined) throw new Error(`No link ${index}.`)
    return link
  }

  /** Whoever takes an automatic link back must find out what it is for. */
  function isKnown({ kind, isRevoked, isPaused, fileId }: Link): boolean {
    return kind === 'stored' || isRevoked || isPaused || [...files.values()].includes(fileId)
  }

  function isUsedUp({ maxUses, uses }: Link): boolean {
    return maxUses !== null && uses >= maxUses
  }

  /** Deleting or moving a file ends the links that have a record of it; what is used up stays so. */
  function endLinksOf(path: Path): void {
    for (const link of links) {
      if (link.kind === 'stored' && link.path === path && !isUsedUp(link)) link.isRevoked = true
    }
  }

  function remove(path: Path): void {
    if (!files.has(path)) return
    endLinksOf(path)
    files.delete(path)
  }

  function rotate(): void {
    const current = signers.at(-1)
    if (current !== undefined) current.rotatedAt = now
    signers.push({ rotatedAt: null, isEnded: false })
  }

  return {
    issue,
    use(index) {
      const link = at(index)
      const refusal = refusalOf(link)
      if (refusal !== null) return refusal
      link.uses += 1
      return 'ok'
    },
    revoke(index) {
      const link = at(index)
      if (!isKnown(link)) return 'link-not-found'
      link.isRevoked = true
      return 'ok'
    },
    pause(index, isPaused) {
      const link = at(index)
      link.isPaused = isPaused
      return 'ok'
    },
    sweep(scope) {
      const name =
        scope.kind === 'all'
          ? 'all'
          : `${scope.kind} ${scope.kind === 'file' ? scope.path : scope.kind === 'folder' ? scope.folder : scope.key}`
      sweeps.set(name, Math.max(sweeps.get(name) ?? 0, now + 1))
    },
    rotate,
    endSigningKey(index) {
      const { signer } = at(index)
      const key = signer === null ? undefined : signers[signer]
      if (key === undefined || key.isEnded) return
      if (signer === signers.length - 1) rotate()
      key.isEnded = true
    },
    endKey(key) {
      if (endedKeys.has(key)) return 'key-not-found'
      endedKeys.add(key)
      return 'ok'
    },
    put(path) {
      if (files.has(path)) return
      files.set(path, nextFile)
      arrivals.set(path, now)
      nextFile += 1
    },
    remove,
    move(from, to) {
      const file = files.get(from)
      if (file === undefined) return 'file-not-found'
      remove(to)
      endLinksOf(from)
      endLinksOf(to)
      files.delete(from)
      files.set(to, file)
      arrivals.set(to, now)
      return 'ok'
    },
    setPolicy(next) {
      policy = next
    },
    advance(ms) {
      now += ms
    },
    usesOf: (index) => at(index).uses,
    links: () => links,
  }
}
