import { catalogLongSuite, catalogSuite } from '../../suites/catalog-suite.ts'
import { createMemoryFixture, createSqliteFixture } from './sqlite-fixture.ts'

catalogSuite('SQLite catalog', createSqliteFixture)
catalogSuite('SQLite catalog in memory', createMemoryFixture)
catalogLongSuite('SQLite catalog', createSqliteFixture)
catalogLongSuite('SQLite catalog in memory', createMemoryFixture)
