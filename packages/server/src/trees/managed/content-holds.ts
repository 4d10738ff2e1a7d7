/**
 * Which contents this process is reading. A reader opens the parts of a long file one after the other, at the pace of its
 * client: what it has not come to yet must still be there when it does, however long ago it was deleted. What is held lives
 * and dies with the process, so that a crash holds nothing back.
 */

export interface ContentHolds {
  /** Keeps them from the sweep until what it returns is called; calling that again does nothing. */
  hold(contentIds: readonly string[]): () => void
  /** Those of `contentIds` that are being read. */
  heldAmong(contentIds: readonly string[]): string[]
  /** All that are being read. */
  all(): Iterable<string>
}

export function createContentHolds(): ContentHolds {
  const readers = new Map<string, number>()

  function release(contentId: string): void {
    const left = (readers.get(contentId) ?? 0) - 1
    if (left > 0) readers.set(contentId, left)
    else readers.delete(contentId)
  }

  return {
    hold(contentIds) {
      for (const id of contentIds) readers.set(id, (readers.get(id) ?? 0) + 1)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        contentIds.forEach(release)
      }
    },
    heldAmong: (contentIds) => contentIds.filter((id) => readers.has(id)),
    all: () => readers.keys(),
  }
}
