import { join } from 'node:path'

// Next wants its settings as the default export.
// oxlint-disable-next-line import/no-default-export
export default {
  // The packages of Hallpass lie beside the examples, and not below this folder.
  turbopack: { root: join(import.meta.dirname, '../..') },
}
