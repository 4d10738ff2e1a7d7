/**
 * The port to a catalog as rows, for what keeps and moves whole ones: it knows tables, not files or links. Statements are those that
 * every driver understands, with `?` where a value comes.
 *
 * Faults: StoreError from platform/store-errors.ts.
 */

/** Integers are within 53 bits. */
export type RowValue = string | number | null | Uint8Array
export type Row = readonly RowValue[]

export interface RowSession {
  ask(text: string, values?: readonly RowValue[]): Promise<readonly Row[]>
  /** How many rows changed. */
  run(text: string, values?: readonly RowValue[]): Promise<number>
  /** In pieces; nothing else may be asked until it has ended. */
  stream(text: string): AsyncIterable<readonly Row[]>
  /** Adds rows, in the order in which they are given. */
  insert(table: string, columns: readonly string[], rows: readonly Row[]): Promise<void>
  /** Those of a table that are kept, not computed, in the order of the schema. */
  columns(table: string): Promise<readonly string[]>
  tables(): Promise<readonly string[]>
  /** The last number that each table with numbered rows gave out. */
  numbers(): Promise<Readonly<Record<string, number>>>
  /** From then on no row gets a number up to those, or up to what is in the tables. */
  setNumbers(numbers: Readonly<Record<string, number>>): Promise<void>
}

export interface RowCatalog {
  readonly kind: 'sqlite' | 'postgres'
  /** Of the schema. */
  version(): Promise<number>
  /** What the database itself finds damaged, where it can say; nothing is fine. */
  faults(): Promise<readonly string[]>
  /** Over one state of the catalog, however long the work takes and whatever is written meanwhile. */
  read<Result>(work: (session: RowSession) => Promise<Result>): Promise<Result>
  /** One transaction, durable when this resolves, beside which nobody else writes. */
  change<Result>(work: (session: RowSession) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** A catalog that is to be filled, or looked at before it is opened. */
export interface RowCatalogPlace {
  /** `null` if there is none. */
  version(): Promise<number | null>
  /** Brings it to a version of the schema, making it if it is missing. Never back. */
  migrate(version: number): Promise<void>
  /** Throws a StoreError if there is none. */
  open(): Promise<RowCatalog>
}

/** A name as every database takes it. */
export function quoted(name: string): string {
  return `"${name}"`
}

export function quotedList(names: readonly string[]): string {
  return names.map(quoted).join(', ')
}
