# frozen_string_literal: true

# The AWS SDK for Ruby, every option at its default.
require 'aws-sdk-s3'
require_relative 'report'

S3 = Aws::S3::Client.new(
  endpoint: PLAN['endpoint'],
  region: PLAN['region'],
  access_key_id: PLAN['accessKeyId'],
  secret_access_key: PLAN['secretAccessKey']
)
WORK = { bucket: 'work' }.freeze

def object(bucket, key)
  Aws::S3::Object.new(bucket, key, client: S3)
end

def code_of
  yield
  'nothing failed'
rescue Aws::S3::Errors::ServiceError => e
  e.code
end

check('buckets') do
  S3.create_bucket(bucket: 'made-here')
  S3.head_bucket(bucket: 'made-here')
  names = S3.list_buckets.buckets.map(&:name)
  S3.delete_bucket(bucket: 'made-here')
  names
end

PLAN['sizes'].each do |sized|
  check("size #{sized['name']}") do
    object('sizes', sized['name']).upload_file(sized['path'])
    target = File.join(PLAN['folder'], 'downloaded')
    object('sizes', sized['name']).download_file(target)
    { sha256: Digest::SHA256.file(target).hexdigest, bytes: File.size(target) }
  end
end

check('range') { S3.get_object(**WORK, key: 'pages/00', range: 'bytes=5-14').body.read }

check('metadata') do
  S3.put_object(
    **WORK, key: 'said', body: 'x',
    content_type: 'text/x-test; charset=utf-8', metadata: { 'colour' => 'blue', 'shade' => 'dark green' }
  )
  head = S3.head_object(**WORK, key: 'said')
  { contentType: head.content_type, metadata: head.metadata }
end

check('nasty') do
  PLAN['nasty'].filter_map do |item|
    target = { bucket: 'nasty', key: item['key'] }
    S3.put_object(**target, body: item['content'])
    text = S3.get_object(**target).body.read.force_encoding('UTF-8')
    [item['key'], "came back as #{text}"] unless text == item['content']
  rescue StandardError => e
    [item['key'], "#{e.class}: #{e.message}"]
  end
end

check('nasty list') do
  S3.list_objects_v2(bucket: 'nasty', max_keys: 7).flat_map { |page| page.contents.map(&:key) }
end

check('pages') do
  pages = S3.list_objects_v2(**WORK, prefix: 'pages/', delimiter: '/', max_keys: 10).to_a
  {
    keys: pages.flat_map { |page| page.contents.map(&:key) },
    prefixes: pages.flat_map { |page| page.common_prefixes.map(&:prefix) }
  }
end

check('missing key') { code_of { S3.get_object(**WORK, key: 'not there') } }

check('checksum') do
  S3.put_object(**WORK, key: 'checked', body: 'checked', checksum_algorithm: 'SHA256')
  S3.head_object(**WORK, key: 'checked', checksum_mode: 'ENABLED').checksum_sha256
end

check('copy') do
  object('work', 'copied é.txt').copy_from('work/pages/00')
  nil
end

check('delete one') do
  S3.delete_object(**WORK, key: 'pages/24')
  nil
end

check('delete many') do
  objects = PLAN['doomed'].map { |key| { key: key } }
  S3.delete_objects(**WORK, delete: { objects: objects }).errors.map(&:to_h)
end

check('multipart') do
  whole = pattern_bytes((5 * 1024 * 1024) + 1)
  target = { **WORK, key: 'in parts' }
  upload = { **target, upload_id: S3.create_multipart_upload(**target).upload_id }
  bodies = [whole[0...-1], whole[-1..]]
  parts = bodies.each_with_index.map do |body, index|
    { part_number: index + 1, etag: S3.upload_part(**upload, part_number: index + 1, body: body).etag }
  end
  sizes = S3.list_parts(**upload).parts.map(&:size)
  done = S3.complete_multipart_upload(**upload, multipart_upload: { parts: parts })
  { parts: sizes, etagEnd: done.etag[-3..] }
end

check('abort') do
  uploads = -> { S3.list_multipart_uploads(**WORK).uploads.map(&:key) }
  target = { **WORK, key: 'aborted' }
  upload_id = S3.create_multipart_upload(**target).upload_id
  before = uploads.call
  S3.abort_multipart_upload(**target, upload_id: upload_id)
  { before: before, after: uploads.call }
end

check('tagging') do
  tags = [{ key: 'project', value: 'one + two' }, { key: 'a+b', value: '' }]
  S3.put_object_tagging(**WORK, key: 'pages/02', tagging: { tag_set: tags })
  S3.get_object_tagging(**WORK, key: 'pages/02').tag_set.to_h { |tag| [tag.key, tag.value] }
end

check('versions') do
  target = { bucket: 'versioned', key: 'twice' }
  S3.put_bucket_versioning(bucket: 'versioned', versioning_configuration: { status: 'Enabled' })
  first = S3.put_object(**target, body: 'first')
  S3.put_object(**target, body: 'second')
  S3.delete_object(**target)
  listed = S3.list_object_versions(bucket: 'versioned')
  old = S3.get_object(**target, version_id: first.version_id).body.read
  { versions: listed.versions.size, markers: listed.delete_markers.size, old: old }
end

check('presigned get') { object('work', 'pages/01').presigned_url(:get) }
check('presigned put') { object('work', 'door é+.txt').presigned_url(:put) }
check('post form') do
  post = Aws::S3::Bucket.new('work', client: S3).presigned_post(
    key: 'posted é.txt', content_length_range: 1..100
  )
  { url: post.url, fields: post.fields }
end
