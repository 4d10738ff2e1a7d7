/** minio, the client. */
import { testJsClient } from './harness/js-client.ts'
import { allChecksBut } from './harness/library-client.ts'

testJsClient({
  name: 'minio-js',
  package: 'minio',
  script: 'minio-js.mjs',
  checks: allChecksBut('condition', 'checksum'),
})
