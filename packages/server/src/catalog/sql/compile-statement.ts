/**
 * Statements written with Kysely, as text with places for values. A query is built and compiled once; from then on a call only binds
 * values, so the builder costs nothing per request.
 */
import type { Compilable } from 'kysely'

/** Stands where a value will be bound. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export interface CompiledStatement {
  readonly text: string
  /** The values in the order of the text: those of a call, and constants in between. */
  readonly bind: (values: object) => unknown[]
}

export function compileStatement(build: (values: never) => Compilable): CompiledStatement {
  // Whatever value a query asks for, it is given the slot of that name.
  const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) })
  const { sql: text, parameters } = build(slots as never).compile()
  return { text, bind: createBinder(parameters) }
}

function createBinder(parameters: readonly unknown[]): (values: object) => unknown[] {
  const constants = parameters.map((parameter) => (parameter instanceof Slot ? null : parameter))
  const names = parameters.map((parameter) => (parameter instanceof Slot ? parameter.name : null))
  return (values) => {
    const bound: unknown[] = []
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at]
      bound.push(typeof name === 'string' ? values[name as keyof typeof values] : constants[at])
    }
    return bound
  }
}
