import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { catalogSuite } from '../../suites/catalog-suite.ts'

catalogSuite('SQLite catalog in memory', async () => {
  let now = 0
  const catalog = createSqliteCatalog({ path: ':memory:', clock: { now: () => now } })
  const setNow = (nowMs: number): void => void (now = nowMs)
  return { catalog, other: catalog, setNow, dispose: async () => undefined }
})
