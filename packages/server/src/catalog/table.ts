/**
 * A table, written once: from its columns follow the record the ports speak of, the row as a database keeps it, and the
 * values of an insert. A column says under which name and in which form a field is kept.
 */

export interface Column<Name extends string, Value, Stored> {
  readonly name: Name
  readonly toStored: (value: Value) => Stored
  /** `null`: what is stored is the value. */
  readonly toValue: ((stored: Stored) => Value) | null
}

type ValueOf<C> = C extends { readonly toStored: (value: infer Value) => unknown } ? Value : never
type StoredOf<C> = C extends { readonly toStored: (value: never) => infer Stored } ? Stored : never

/** A table's record: its fields as the ports name them. */
export type RecordOf<T extends { readonly columns: object }> = {
  readonly [Field in keyof T['columns']]: ValueOf<T['columns'][Field]>
}

/** A table's row: its columns as the database names them. */
export type RowOf<T extends { readonly columns: object }> = {
  [Field in keyof T['columns'] as NameOf<T['columns'][Field]>]: StoredOf<T['columns'][Field]>
}

type NameOf<C> = C extends { readonly name: infer Name extends string } ? Name : never

export interface Table<Name extends string, C extends object> {
  readonly name: Name
  readonly columns: C
  readonly columnNames: readonly (keyof RowOf<{ columns: C }> & string)[]
  toRecord(row: RowOf<{ columns: C }>): RecordOf<{ columns: C }>
  toRow(record: RecordOf<{ columns: C }>): RowOf<{ columns: C }>
  /** Every column of `values`, taken one by one: for an insert whose values are bound later. */
  every(values: RowOf<{ columns: C }>): RowOf<{ columns: C }>
  /** The same without some: for an update. */
  except<Left extends keyof RowOf<{ columns: C }>>(
    values: RowOf<{ columns: C }>,
    ...left: readonly Left[]
  ): Omit<RowOf<{ columns: C }>, Left>
}

interface Place {
  readonly field: string
  readonly column: Column<string, unknown, unknown>
}

export function table<Name extends string, const C extends object>(
  name: Name,
  columns: C,
): Table<Name, C> {
  type Row = RowOf<{ columns: C }>
  type Fields = RecordOf<{ columns: C }>
  const places: readonly Place[] = Object.entries(columns).map(([field, column]) => ({
    field,
    column: column as Column<string, unknown, unknown>,
  }))
  const names = places.map((place) => place.column.name)

  /** Only the keys are known to be there, which is all that is said of the result. */
  function collect<Result>(add: (to: Record<string, unknown>) => void): Result {
    const collected: Record<string, unknown> = {}
    add(collected)
    return collected as Result
  }

  return {
    name,
    columns,
    columnNames: names as unknown as readonly (keyof Row & string)[],
    toRecord: (row) => {
      const stored = row as Readonly<Record<string, unknown>>
      return collect<Fields>((record) => {
        for (const { field, column } of places) {
          const value = stored[column.name]
          record[field] = column.toValue === null ? value : column.toValue(value)
        }
      })
    },
    toRow: (record) => {
      const fields = record as Readonly<Record<string, unknown>>
      return collect<Row>((row) => {
        for (const { field, column } of places) row[column.name] = column.toStored(fields[field])
      })
    },
    every: (values) => {
      const given = values as Readonly<Record<string, unknown>>
      return collect<Row>((row) => {
        for (const column of names) row[column] = given[column]
      })
    },
    except: (values, ...left) => {
      const given = values as Readonly<Record<string, unknown>>
      const omitted = new Set<PropertyKey>(left)
      return collect<Omit<Row, (typeof left)[number]>>((row) => {
        for (const column of names) if (!omitted.has(column)) row[column] = given[column]
      })
    },
  }
}

const same = <Value>(value: Value): Value => value

/** Columns that keep a value as it is. */
function plain<Value>() {
  return <Name extends string>(name: Name): Column<Name, Value, Value> => ({
    name,
    toStored: same,
    toValue: null,
  })
}

export const text = plain<string>()
export const textOrNull = plain<string | null>()
/** Within 53 bits. */
export const integer = plain<number>()
export const integerOrNull = plain<number | null>()
export const bytes = plain<Uint8Array>()
export const bytesOrNull = plain<Uint8Array | null>()

export function flag<Name extends string>(name: Name): Column<Name, boolean, number> {
  return { name, toStored: (value) => (value ? 1 : 0), toValue: (stored) => stored === 1 }
}

/** A text out of a few. The database checks it too. */
export function oneOf<Name extends string, Value extends string>(
  name: Name,
  _values: readonly Value[],
): Column<Name, Value, string> {
  return { name, toStored: same, toValue: (stored) => stored as Value }
}

export function oneOfOrNull<Name extends string, Value extends string>(
  name: Name,
  _values: readonly Value[],
): Column<Name, Value | null, string | null> {
  return { name, toStored: same, toValue: (stored) => stored as Value | null }
}

/** Says what a JSON column holds. */
export interface Shape<Value> {
  readonly holds?: Value
}

export function shape<Value>(): Shape<Value> {
  return {}
}

export function json<Name extends string, Value>(
  name: Name,
  _shape: Shape<Value>,
): Column<Name, Value, string> {
  return {
    name,
    toStored: (value) => JSON.stringify(value),
    toValue: (stored) => JSON.parse(stored) as Value,
  }
}

/** An object that is empty nearly always, which then costs neither space nor parsing. */
export function jsonOrEmpty<Name extends string, Value extends object>(
  name: Name,
  _shape: Shape<Value>,
): Column<Name, Value, string | null> {
  const empty: object = Object.freeze({})
  return {
    name,
    toStored: (value) => (isEmpty(value) ? null : JSON.stringify(value)),
    toValue: (stored) => (stored === null ? empty : JSON.parse(stored)) as Value,
  }
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false
  return true
}
