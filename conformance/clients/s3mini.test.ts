/** s3mini. */
import { testJsClient } from './harness/js-client.ts'
import { allChecksBut } from './harness/library-client.ts'

testJsClient({
  name: 's3mini',
  package: 's3mini',
  script: 's3mini.mjs',
  // It takes leading slashes away before it signs, and trims the names in a listing.
  canSend: (key) => key === key.trim() && !key.startsWith('/'),
  checks: allChecksBut(
    'buckets',
    'pages',
    'missing key',
    'condition',
    'checksum',
    'tagging',
    'versions',
    'post form',
  ),
})
