/** One step of the catalog's schema. Steps are only added, never edited: catalogs in the field have run them. */
export interface Migration {
  /** Each above the one before it. */
  readonly version: number
  readonly name: string
  readonly sqlite: string
  /** The same for PostgreSQL; empty where its first schema has it already (postgres/baseline.ts). */
  readonly postgres: string
}
