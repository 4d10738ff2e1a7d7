/** flydrive, a layer on the AWS SDK. */
import { testJsClient } from './harness/js-client.ts'
import { SIZE_CHECKS } from './harness/library-client.ts'

testJsClient({
  name: 'flydrive',
  package: 'flydrive',
  script: 'flydrive.mjs',
  checks: [
    ...SIZE_CHECKS,
    'visibility',
    'visibility kept by copy',
    'pages',
    'delete one',
    'delete many',
    'presigned get',
  ],
})
