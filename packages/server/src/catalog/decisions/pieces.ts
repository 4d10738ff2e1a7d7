/** Which bytes of a file are meant: pieces in order that neither touch nor overlap. */

/** Both ends inclusive. */
export type Piece = readonly [start: number, end: number]

/** Beyond it the narrowest gaps count as filled, so that nobody makes a record grow by asking for single bytes. */
const MAX_PIECES = 64

export function addPiece(pieces: readonly Piece[], [start, end]: Piece): readonly Piece[] {
  if (end < start) return pieces
  const apart = pieces.filter((piece) => piece[1] + 1 < start || end + 1 < piece[0])
  const joined = pieces.filter((piece) => !apart.includes(piece))
  const from = Math.min(start, ...joined.map((piece) => piece[0]))
  const to = Math.max(end, ...joined.map((piece) => piece[1]))
  const all: Piece[] = [...apart, [from, to]]
  all.sort((a, b) => a[0] - b[0])
  return all.length > MAX_PIECES ? closeNarrowestGap(all) : all
}

export function overlaps(pieces: readonly Piece[], [start, end]: Piece): boolean {
  return pieces.some((piece) => piece[0] <= end && start <= piece[1])
}

/** True if they are all bytes of a file of that size. */
export function isWhole(pieces: readonly Piece[], size: number): boolean {
  if (size === 0) return true
  const [first] = pieces
  return first !== undefined && first[0] === 0 && first[1] === size - 1
}

function closeNarrowestGap(pieces: readonly Piece[]): readonly Piece[] {
  let narrowest = 1
  const gap = (at: number): number => (pieces[at]?.[0] ?? 0) - (pieces[at - 1]?.[1] ?? 0)
  for (let at = 2; at < pieces.length; at += 1) if (gap(at) < gap(narrowest)) narrowest = at
  const [left, right] = [pieces[narrowest - 1], pieces[narrowest]]
  if (left === undefined || right === undefined) return pieces
  return [...pieces.slice(0, narrowest - 1), [left[0], right[1]], ...pieces.slice(narrowest + 1)]
}
