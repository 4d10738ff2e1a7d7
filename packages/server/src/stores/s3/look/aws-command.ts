/** Command lines of the AWS command line that change a bucket. */
import type { S3Location } from '../s3-location.ts'

/** `aws s3api OPERATION --bucket … --region …`. `json`: the value of the option that is named. */
export function awsCommand(
  { bucket, region, endpoint }: S3Location,
  operation: string,
  json?: readonly [option: string, value: unknown],
): string {
  const words = ['aws', 's3api', operation, '--bucket', bucket, '--region', region]
  if (endpoint !== null) words.push('--endpoint-url', endpoint)
  if (json !== undefined) words.push(json[0], JSON.stringify(json[1]))
  return words.map((word) => (PLAIN.test(word) ? word : quote(word))).join(' ')
}

/** What no shell reads as anything else. */
const PLAIN = /^[\w@%+=:,./-]+$/

/** For a shell of POSIX. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
