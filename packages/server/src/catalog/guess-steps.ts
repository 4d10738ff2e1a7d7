/** What the catalog knows of wrong passwords: how often somebody guessed lately, at whichever process. */

export interface GuessCatalog {
  /**
   * Counts one guess of each at that moment and resolves to `null`, unless one of them has guessed as often as it may; then nothing is
   * counted, and it resolves to the moment from which it may again.
   */
  begin(who: readonly string[], bounds: GuessBounds): Promise<number | null>
  /** The guess of that moment counts no more. */
  forgive(who: readonly string[], atMs: number): Promise<void>
}

export interface GuessBounds {
  readonly nowMs: number
  /** For how long a guess counts. */
  readonly windowMs: number
  /** Guesses that may count at once. */
  readonly most: number
}
