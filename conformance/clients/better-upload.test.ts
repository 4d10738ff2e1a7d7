/** better-upload, a layer on aws4fetch. */
import { testJsClient } from './harness/js-client.ts'
import { SIZE_CHECKS } from './harness/library-client.ts'

testJsClient({
  name: 'better-upload',
  package: '@better-upload/server',
  script: 'better-upload.mjs',
  checks: [
    ...SIZE_CHECKS.filter((name) => name !== 'size empty'),
    'upload in parts',
    'pages',
    'copy',
    'delete some',
  ],
})
