/** @aws-sdk/client-s3 with lib-storage, s3-request-presigner and s3-presigned-post. */
import { testJsClient } from './harness/js-client.ts'
import { allChecksBut } from './harness/library-client.ts'

testJsClient({
  name: 'aws-sdk-js',
  package: '@aws-sdk/client-s3',
  script: 'aws-sdk-js.mjs',
  checks: [...allChecksBut(), 'copy in parts', 'attributes', 'cors', 'bucket tags'],
})
