/** The AWS SDK for Ruby, as Debian has it. It is older than conditions on writes. */
import { fileURLToPath } from 'node:url'
import { allChecksBut, testLibrary } from './harness/library-client.ts'

testLibrary({
  name: 'aws-sdk-ruby',
  needed: ['ruby', '/usr/lib/ruby/vendor_ruby/aws-sdk-s3.rb'],
  command: ['ruby', fileURLToPath(new URL('ruby/aws_sdk.rb', import.meta.url))],
  checks: allChecksBut('condition'),
})
