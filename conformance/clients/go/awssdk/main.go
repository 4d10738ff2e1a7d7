// aws-sdk-go-v2, every option at its default.
package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	. "hallpass/conformance/clients/report"
)

var (
	ctx  = context.Background()
	plan = ReadPlan()
	work = aws.String("work")
)

func connect() *s3.Client {
	provider := credentials.NewStaticCredentialsProvider(plan.AccessKeyID, plan.SecretAccessKey, "")
	settings := Got(config.LoadDefaultConfig(ctx,
		config.WithRegion(plan.Region),
		config.WithBaseEndpoint(plan.Endpoint),
		config.WithCredentialsProvider(provider),
	))
	return s3.NewFromConfig(settings)
}

func codeOf(err error) string {
	var coded smithy.APIError
	if errors.As(err, &coded) {
		return coded.ErrorCode()
	}
	return "nothing failed"
}

func main() {
	client := connect()
	checkBuckets(client)
	checkObjects(client)
	checkLists(client)
	checkChanges(client)
	checkParts(client)
	checkVersions(client)
	checkPresigned(client)
}

func read(client *s3.Client, bucket, key string) (string, error) {
	answer, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

func put(client *s3.Client, bucket, key, content string) (*s3.PutObjectOutput, error) {
	return client.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)})
}

func checkBuckets(client *s3.Client) {
	Check("buckets", func() any {
		name := aws.String("made-here")
		Got(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name}))
		Got(client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: name}))
		listed := Got(client.ListBuckets(ctx, &s3.ListBucketsInput{}))
		Got(client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name}))
		names := []string{}
		for _, bucket := range listed.Buckets {
			names = append(names, *bucket.Name)
		}
		return names
	})
}

func checkObjects(client *s3.Client) {
	for _, file := range plan.Sizes {
		Check("size "+file.Name, func() any {
			body := Got(os.Open(file.Path))
			defer body.Close()
			bucket := aws.String("sizes")
			input := &s3.PutObjectInput{Bucket: bucket, Key: &file.Name, Body: body}
			Got(manager.NewUploader(client).Upload(ctx, input))
			target := Got(os.CreateTemp("", "hallpass-go-"))
			defer os.Remove(target.Name())
			defer target.Close()
			source := &s3.GetObjectInput{Bucket: bucket, Key: &file.Name}
			Got(manager.NewDownloader(client).Download(ctx, target, source))
			Got(target.Seek(0, io.SeekStart))
			return Digest(target)
		})
	}
	Check("range", func() any {
		input := &s3.GetObjectInput{Bucket: work, Key: aws.String("pages/00"), Range: aws.String("bytes=5-14")}
		answer := Got(client.GetObject(ctx, input))
		return string(Got(io.ReadAll(answer.Body)))
	})
	Check("metadata", func() any {
		Got(client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: work, Key: aws.String("said"), Body: strings.NewReader("x"),
			ContentType: aws.String("text/x-test; charset=utf-8"),
			Metadata:    map[string]string{"colour": "blue", "shade": "dark green"},
		}))
		head := Got(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: work, Key: aws.String("said")}))
		return M{"contentType": head.ContentType, "metadata": head.Metadata}
	})
	plan.CheckNasty(func(key, content string) (string, error) {
		if _, err := put(client, "nasty", key, content); err != nil {
			return "", err
		}
		return read(client, "nasty", key)
	})
	Check("missing key", func() any {
		_, err := read(client, "work", "not there")
		return codeOf(err)
	})
	Check("condition", func() any {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: work, Key: aws.String("pages/01"), Body: strings.NewReader("x"), IfNoneMatch: aws.String("*"),
		})
		return codeOf(err)
	})
	Check("checksum", func() any {
		key := aws.String("checked")
		Got(client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: work, Key: key, Body: strings.NewReader("checked"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
		}))
		head := Got(client.HeadObject(ctx, &s3.HeadObjectInput{
			Bucket: work, Key: key, ChecksumMode: types.ChecksumModeEnabled,
		}))
		return head.ChecksumSHA256
	})
}

func list(client *s3.Client, input *s3.ListObjectsV2Input) (keys, prefixes []string) {
	pages := s3.NewListObjectsV2Paginator(client, input)
	for pages.HasMorePages() {
		page := Got(pages.NextPage(ctx))
		for _, item := range page.Contents {
			keys = append(keys, *item.Key)
		}
		for _, item := range page.CommonPrefixes {
			prefixes = append(prefixes, *item.Prefix)
		}
	}
	return keys, prefixes
}

func checkLists(client *s3.Client) {
	Check("nasty list", func() any {
		keys, _ := list(client, &s3.ListObjectsV2Input{Bucket: aws.String("nasty"), MaxKeys: aws.Int32(7)})
		return keys
	})
	Check("pages", func() any {
		keys, prefixes := list(client, &s3.ListObjectsV2Input{
			Bucket: work, Prefix: aws.String("pages/"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(10),
		})
		return M{"keys": keys, "prefixes": prefixes}
	})
}

func checkChanges(client *s3.Client) {
	Check("copy", func() any {
		Got(client.CopyObject(ctx, &s3.CopyObjectInput{
			Bucket: work, Key: aws.String("copied é.txt"), CopySource: aws.String("work/pages/00"),
		}))
		return nil
	})
	Check("delete one", func() any {
		Got(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: work, Key: aws.String("pages/24")}))
		return nil
	})
	Check("delete many", func() any {
		doomed := []types.ObjectIdentifier{}
		for _, key := range plan.Doomed {
			doomed = append(doomed, types.ObjectIdentifier{Key: &key})
		}
		Got(client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: work, Delete: &types.Delete{Objects: doomed}}))
		return nil
	})
	Check("tagging", func() any {
		key := aws.String("pages/02")
		tags := []types.Tag{
			{Key: aws.String("project"), Value: aws.String("one + two")},
			{Key: aws.String("a+b"), Value: aws.String("")},
		}
		Got(client.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{
			Bucket: work, Key: key, Tagging: &types.Tagging{TagSet: tags},
		}))
		saw := M{}
		for _, tag := range Got(client.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: work, Key: key})).TagSet {
			saw[*tag.Key] = *tag.Value
		}
		return saw
	})
}

func checkParts(client *s3.Client) {
	Check("multipart", func() any {
		key := aws.String("in parts")
		whole := plan.PatternBytes(5*1024*1024 + 1)
		upload := Got(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: work, Key: key})).UploadId
		parts := []types.CompletedPart{}
		for index, body := range [][]byte{whole[:len(whole)-1], whole[len(whole)-1:]} {
			number := aws.Int32(int32(index + 1))
			part := Got(client.UploadPart(ctx, &s3.UploadPartInput{
				Bucket: work, Key: key, UploadId: upload, PartNumber: number, Body: bytes.NewReader(body),
			}))
			parts = append(parts, types.CompletedPart{PartNumber: number, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32})
		}
		sizes := []int64{}
		for _, part := range Got(client.ListParts(ctx, &s3.ListPartsInput{Bucket: work, Key: key, UploadId: upload})).Parts {
			sizes = append(sizes, *part.Size)
		}
		done := Got(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: work, Key: key, UploadId: upload, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}))
		return M{"parts": sizes, "etagEnd": (*done.ETag)[len(*done.ETag)-3:]}
	})
	Check("abort", func() any {
		uploads := func() []string {
			keys := []string{}
			for _, item := range Got(client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: work})).Uploads {
				keys = append(keys, *item.Key)
			}
			return keys
		}
		key := aws.String("aborted")
		upload := Got(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: work, Key: key})).UploadId
		before := uploads()
		Got(client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: work, Key: key, UploadId: upload}))
		return M{"before": before, "after": uploads()}
	})
}

func checkVersions(client *s3.Client) {
	Check("versions", func() any {
		bucket, key := aws.String("versioned"), aws.String("twice")
		Got(client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket:                  bucket,
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		}))
		first := Got(put(client, *bucket, *key, "first"))
		Got(put(client, *bucket, *key, "second"))
		Got(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key}))
		listed := Got(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket}))
		old := Got(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, VersionId: first.VersionId}))
		return M{
			"versions": len(listed.Versions),
			"markers":  len(listed.DeleteMarkers),
			"old":      string(Got(io.ReadAll(old.Body))),
		}
	})
}

func checkPresigned(client *s3.Client) {
	presigner := s3.NewPresignClient(client)
	Check("presigned get", func() any {
		return Got(presigner.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: work, Key: aws.String("pages/01")})).URL
	})
	Check("presigned put", func() any {
		return Got(presigner.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: work, Key: aws.String("door é+.txt")})).URL
	})
	Check("post form", func() any {
		input := &s3.PutObjectInput{Bucket: work, Key: aws.String("posted é.txt")}
		form := Got(presigner.PresignPostObject(ctx, input, func(options *s3.PresignPostOptions) {
			options.Conditions = []any{[]any{"content-length-range", 1, 100}}
		}))
		return M{"url": form.URL, "fields": form.Values}
	})
}
