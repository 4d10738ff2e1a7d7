/** files-sdk, a layer on the AWS SDK. */
import { testJsClient } from './harness/js-client.ts'
import { allChecksBut } from './harness/library-client.ts'

testJsClient({
  name: 'files-sdk',
  package: 'files-sdk',
  script: 'files-sdk.mjs',
  checks: allChecksBut(
    'buckets',
    'pages',
    'condition',
    'checksum',
    'multipart',
    'abort',
    'tagging',
    'versions',
  ),
})
