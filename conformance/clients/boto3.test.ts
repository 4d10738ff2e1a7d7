/** boto3, from PyPI. */
import { allChecksBut } from './harness/library-client.ts'
import { testPythonClient } from './harness/python-client.ts'

testPythonClient({
  name: 'boto3',
  package: 'boto3',
  script: 'boto3_client.py',
  checks: [...allChecksBut(), 'signature v2'],
})
