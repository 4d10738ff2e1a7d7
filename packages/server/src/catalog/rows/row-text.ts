/** Rows as values of JSON, the same from every database: an array of texts, integers, `null`, and bytes as `{"base64": "…"}`. */
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { Row, RowValue } from './row-catalog.ts'

export function toLine(row: Row): readonly unknown[] {
  return row.map(toJson)
}

function toJson(value: RowValue): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}

/** Throws a StoreError for what `toLine` does not write. */
export function parseRow(value: readonly unknown[]): Row {
  return value.map(toValue)
}

function toValue(json: unknown): RowValue {
  if (json === null || typeof json === 'string' || Number.isSafeInteger(json)) {
    return json as RowValue
  }
  if (typeof json === 'object' && 'base64' in json && typeof json.base64 === 'string') {
    return Buffer.from(json.base64, 'base64')
  }
  throw storeCorrupt('A row holds what no row can: neither text, integer, nothing nor bytes.')
}
