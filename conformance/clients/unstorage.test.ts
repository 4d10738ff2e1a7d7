/** unstorage's S3 driver, a layer on aws4fetch. */
import { testJsClient } from './harness/js-client.ts'
import { SIZE_CHECKS } from './harness/library-client.ts'

testJsClient({
  name: 'unstorage',
  package: 'unstorage',
  script: 'unstorage.mjs',
  checks: [...SIZE_CHECKS, 'keys', 'delete one', 'clear'],
})
