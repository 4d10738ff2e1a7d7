/** minio-go. */
import { installed } from './harness/find-client.ts'
import { allChecksBut, testLibrary } from './harness/library-client.ts'

const program = installed('go', 'miniogo')

testLibrary({ name: 'minio-go', needed: [program], command: [program], checks: allChecksBut() })
