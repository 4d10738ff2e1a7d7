import { createMemoryCatalog } from '../../../src/catalog/memory/memory-catalog.ts'
import { catalogSuite } from '../../suites/catalog-suite.ts'

catalogSuite('memory catalog', async () => {
  let now = 0
  const catalog = createMemoryCatalog({ now: () => now })
  const setNow = (nowMs: number): void => void (now = nowMs)
  return { catalog, other: catalog, setNow, dispose: async () => undefined }
})
