/**
 * The clients' own memory of what the server promised. A thing (an object, a link) is in the state that the last answered request
 * left it in; a request that was cut off may have happened or not, but then to all that it changes or to nothing of it.
 */

/** An object is its content, a link what became of it; `null` is not there. */
export type State = string | null
/** What one request makes of the things it touches, by their names. */
export type Change = ReadonlyMap<string, State>

export interface Ledger {
  /** Everything that was ever promised about, and not forgotten. */
  readonly names: () => readonly string[]
  /** As the last answered request left it. */
  held(name: string): State
  /** Call before the request is sent. Nothing that it changes may be part of another request under way. */
  begin(change: Change): PendingChange
  /** What the server answers of its own accord, such as a link that it made. */
  note(name: string, state: State): void
  /** Every promise that `found` breaks, in words. What was found is what holds from then on. */
  settle(found: Change): string[]
  forget(name: string): void
}

export interface PendingChange {
  /** The server answered that it is done. */
  acknowledge(): void
  /** The server answered that it is not done. */
  refuse(): void
}

/** `isSame`: whether a state that was found and is another than the held one means the same. */
export function createLedger(isSame: (held: State, found: State) => boolean): Ledger {
  const states = new Map<string, State>()
  const pending = new Set<Change>()

  function apply(change: Change): void {
    for (const [name, state] of change) states.set(name, state)
  }

  /** Whether a cut-off request happened to everything it touches, or to nothing. */
  function checkCutOff(change: Change, found: Change): string[] {
    const touched = [...change].filter(([name, state]) => {
      const held = states.get(name) ?? null
      // What was found may be that state for another reason, and then says nothing of this request.
      return held !== state && !isSame(held, found.get(name) ?? null)
    })
    const done = touched.filter(([name, state]) => (found.get(name) ?? null) === state)
    if (done.length === touched.length) {
      apply(change)
      return []
    }
    if (done.length === 0) return []
    const half = done.map(([name]) => name).join(', ')
    return [`a cut-off request happened by half: ${half}, of ${[...change.keys()].join(', ')}`]
  }

  return {
    names: () => [
      ...new Set([...states.keys(), ...[...pending].flatMap((one) => [...one.keys()])]),
    ],
    held: (name) => states.get(name) ?? null,
    begin(change) {
      pending.add(change)
      return {
        acknowledge() {
          pending.delete(change)
          apply(change)
        },
        refuse: () => void pending.delete(change),
      }
    },
    note: (name, state) => void states.set(name, state),
    settle(found) {
      const faults = [...pending].flatMap((change) => checkCutOff(change, found))
      pending.clear()
      for (const [name, state] of states) {
        const really = found.get(name) ?? null
        if (really !== state && !isSame(state, really)) {
          faults.push(`${name}: found ${describeState(really)}, expected ${describeState(state)}`)
        }
      }
      apply(found)
      return faults
    },
    forget: (name) => void states.delete(name),
  }
}

function describeState(state: State): string {
  return state === null ? 'nothing' : state.slice(0, 20)
}
