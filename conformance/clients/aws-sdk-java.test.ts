/** The AWS SDK for Java, with its transfer manager over the common runtime in C. It makes no forms. */
import { delimiter } from 'node:path'
import { installed } from './harness/find-client.ts'
import { allChecksBut, testLibrary } from './harness/library-client.ts'

const classes = installed('java', 'classes')

testLibrary({
  name: 'aws-sdk-java',
  needed: ['java', `${classes}/AwsSdk.class`],
  command: ['java', '-cp', [classes, installed('java', 'lib', '*')].join(delimiter), 'AwsSdk'],
  checks: [...allChecksBut('post form'), 'attributes'],
})
