/** pyarrow's file system: the AWS SDK for C++. */
import { SIZE_CHECKS } from './harness/library-client.ts'
import { testPythonClient } from './harness/python-client.ts'

testPythonClient({
  name: 'pyarrow',
  package: 'pyarrow',
  script: 'arrow_client.py',
  // Its paths have no empty segments.
  canSend: (key) => !/^\/|\/\/|\/$/.test(key),
  checks: [
    'buckets',
    ...SIZE_CHECKS,
    'range',
    'nasty',
    'nasty list',
    'pages',
    'copy',
    'delete one',
    'delete many',
  ],
})
