/** boto3, from PyPI. */
import { fileURLToPath } from 'node:url'
import { installed } from './harness/find-client.ts'
import { allChecksBut, testLibrary } from './harness/library-client.ts'

const python = installed('python', 'bin', 'python')

testLibrary({
  name: 'boto3',
  needed: [python],
  command: [python, '-B', fileURLToPath(new URL('python/boto3_client.py', import.meta.url))],
  checks: [...allChecksBut(), 'signature v2'],
})
