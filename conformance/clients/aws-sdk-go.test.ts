/** aws-sdk-go-v2, with its manager for uploads and downloads. */
import { installed } from './harness/find-client.ts'
import { allChecksBut, testLibrary } from './harness/library-client.ts'

const program = installed('go', 'awssdk')

testLibrary({ name: 'aws-sdk-go', needed: [program], command: [program], checks: allChecksBut() })
