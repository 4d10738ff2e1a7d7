import { fileTreeSuite } from '../../suites/file-tree-suite.ts'
import { createManagedFixture } from './managed-fixture.ts'

fileTreeSuite('managed tree', () => createManagedFixture())
