/**
 * A table, written once: from its columns follow the record the ports speak of, the row as a database keeps it, and the
 * values of an insert. A column says under which name and in which form a field is kept.
 */

export interface Column<Name extends string, Value, Stored> {
  readonly name: Name
  readonly toStored: (value: Value) => Stored
  readonly toValue: (stored: Stored) => Value
}

type ValueOf<C> = C extends { readonly toStored: (value: infer Value) => unknown } ? Value : never
type StoredIn<C> = C extends { readonly toStored: (value: never) => infer Stored } ? Stored : never
type NameOf<C> = C extends { readonly name: infer Name extends string } ? Name : never

interface Columned {
  readonly columns: object
}

/** A table's record: its fields as the ports name them. */
export type RecordOf<T extends Columned> = {
  readonly [Field in keyof T['columns']]: ValueOf<T['columns'][Field]>
}

/** The same fields in the form in which they are kept: what statements take and give. */
export type StoredOf<T extends Columned> = {
  [Field in keyof T['columns']]: StoredIn<T['columns'][Field]>
}

/** A table's row: its columns as the database names them. */
export type RowOf<T extends Columned> = {
  [Field in keyof T['columns'] as NameOf<T['columns'][Field]>]: StoredIn<T['columns'][Field]>
}

/** `max_uses as maxUses`. */
type SelectionOf<C> = {
  [Field in keyof C & string]: `${NameOf<C[Field]>} as ${Field}`
}[keyof C & string]

export interface Table<Name extends string, C extends object> {
  readonly name: Name
  readonly columns: C
  readonly columnNames: readonly NameOf<C[keyof C]>[]
  /** Every column under the name of its field. */
  readonly selection: readonly SelectionOf<C>[]
  /** Takes what was selected over: it becomes the record. */
  toRecord(stored: StoredOf<{ columns: C }>): RecordOf<{ columns: C }>
  toStored(record: RecordOf<{ columns: C }>): StoredOf<{ columns: C }>
  /** Every column with the value of its field, for an insert whose values are bound later. */
  every(values: StoredOf<{ columns: C }>): RowOf<{ columns: C }>
  /** The same without some fields, for an update. */
  except<Left extends keyof C & string>(
    values: StoredOf<{ columns: C }>,
    ...left: readonly Left[]
  ): Omit<RowOf<{ columns: C }>, NameOf<C[Left]>>
}

type Fields = Record<string, unknown>

interface Place {
  readonly field: string
  readonly column: Column<string, unknown, unknown>
}

export function table<Name extends string, const C extends object>(
  name: Name,
  columns: C,
): Table<Name, C> {
  type Self = { columns: C }
  const places: readonly Place[] = Object.entries(columns).map(([field, column]) => ({
    field,
    column: column as Column<string, unknown, unknown>,
  }))
  // The types above say what is in each of these; that the loops below put it there is all a reader has to check.
  const converted = places.filter(({ column }) => column.toStored !== same)

  function rowOf(values: Fields, left: readonly string[] = []): Fields {
    const kept = places.filter(({ field }) => !left.includes(field))
    return Object.fromEntries(kept.map(({ field, column }) => [column.name, values[field]]))
  }

  return {
    name,
    columns,
    columnNames: places.map(({ column }) => column.name as NameOf<C[keyof C]>),
    selection: places.map(({ field, column }) => `${column.name} as ${field}` as SelectionOf<C>),
    toRecord: (stored) => {
      const fields: Fields = stored
      for (const { field, column } of converted) fields[field] = column.toValue(fields[field])
      return fields as RecordOf<Self>
    },
    toStored: (record) => {
      const fields: Fields = { ...record }
      for (const { field, column } of converted) fields[field] = column.toStored(fields[field])
      return fields as StoredOf<Self>
    },
    every: (values) => rowOf(values) as RowOf<Self>,
    except: (values, ...left) =>
      rowOf(values, left) as Omit<RowOf<Self>, NameOf<C[(typeof left)[number]]>>,
  }
}

/** What is stored is the value, both ways. */
function same<Value>(value: Value): Value {
  return value
}

/** Columns that keep a value as it is. */
function plain<Value>() {
  return <Name extends string>(name: Name): Column<Name, Value, Value> => ({
    name,
    toStored: same,
    toValue: same,
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

export function jsonOrNull<Name extends string, Value>(
  name: Name,
  _shape: Shape<Value>,
): Column<Name, Value | null, string | null> {
  return {
    name,
    toStored: (value) => (value === null ? null : JSON.stringify(value)),
    toValue: (stored) => (stored === null ? null : (JSON.parse(stored) as Value)),
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
