import { catalogSuite } from '../../suites/catalog-suite.ts'
import { createMemoryFixture } from './sqlite-fixture.ts'

catalogSuite('SQLite catalog in memory', createMemoryFixture)
