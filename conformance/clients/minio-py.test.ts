/** minio, the client for Python. */
import { allChecksBut } from './harness/library-client.ts'
import { testPythonClient } from './harness/python-client.ts'

testPythonClient({
  name: 'minio-py',
  package: 'minio',
  script: 'minio_client.py',
  checks: allChecksBut('condition', 'checksum', 'multipart', 'abort'),
})
