import { catalogLongSuite, catalogSuite } from '../../suites/catalog-suite.ts'
import { createPostgresFixture } from './postgres-fixture.ts'

catalogSuite('PostgreSQL catalog', createPostgresFixture)
catalogLongSuite('PostgreSQL catalog', createPostgresFixture)
