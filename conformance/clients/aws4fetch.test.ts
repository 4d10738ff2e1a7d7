/** aws4fetch: signs, and leaves the rest to whoever calls it. */
import { testJsClient } from './harness/js-client.ts'
import { allChecksBut } from './harness/library-client.ts'

testJsClient({
  name: 'aws4fetch',
  package: 'aws4fetch',
  script: 'aws4fetch.mjs',
  checks: allChecksBut('abort', 'tagging', 'versions', 'post form'),
})
