import { catalogSuite } from '../../suites/catalog-suite.ts'
import { createSqliteFixture } from './sqlite-fixture.ts'

catalogSuite('SQLite catalog', createSqliteFixture)
