// minio-go, every option at its default; checksums need trailers, which are off by default.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/tags"

	. "hallpass/conformance/clients/report"
)

var (
	ctx  = context.Background()
	plan = ReadPlan()
)

func main() {
	core := connect(false)
	client := core.Client
	checkObjects(client)
	checkLists(client)
	checkChanges(client)
	checkParts(core)
	checkVersions(client)
	checkPresigned(client)
}

func connect(trailers bool) *minio.Core {
	return Got(minio.NewCore(fmt.Sprintf("%s:%d", plan.Host, plan.Port), &minio.Options{
		Creds:           credentials.NewStaticV4(plan.AccessKeyID, plan.SecretAccessKey, ""),
		TrailingHeaders: trailers,
	}))
}

func put(client *minio.Client, bucket, key, content string) (minio.UploadInfo, error) {
	reader := strings.NewReader(content)
	return client.PutObject(ctx, bucket, key, reader, int64(len(content)), minio.PutObjectOptions{})
}

func read(client *minio.Client, bucket, key string, options minio.GetObjectOptions) (string, error) {
	object, err := client.GetObject(ctx, bucket, key, options)
	if err != nil {
		return "", err
	}
	defer object.Close()
	text, err := io.ReadAll(object)
	return string(text), err
}

func checkObjects(client *minio.Client) {
	Check("buckets", func() any {
		Must(client.MakeBucket(ctx, "made-here", minio.MakeBucketOptions{}))
		names := []string{}
		for _, bucket := range Got(client.ListBuckets(ctx)) {
			names = append(names, bucket.Name)
		}
		Must(client.RemoveBucket(ctx, "made-here"))
		return names
	})
	for _, file := range plan.Sizes {
		Check("size "+file.Name, func() any {
			Got(client.FPutObject(ctx, "sizes", file.Name, file.Path, minio.PutObjectOptions{}))
			object := Got(client.GetObject(ctx, "sizes", file.Name, minio.GetObjectOptions{}))
			defer object.Close()
			return Digest(object)
		})
	}
	Check("range", func() any {
		options := minio.GetObjectOptions{}
		Must(options.SetRange(5, 14))
		return Got(read(client, "work", "pages/00", options))
	})
	Check("metadata", func() any {
		Got(client.PutObject(ctx, "work", "said", strings.NewReader("x"), 1, minio.PutObjectOptions{
			ContentType:  "text/x-test; charset=utf-8",
			UserMetadata: map[string]string{"colour": "blue", "shade": "dark green"},
		}))
		stat := Got(client.StatObject(ctx, "work", "said", minio.StatObjectOptions{}))
		metadata := map[string]string{}
		for name, value := range stat.UserMetadata {
			metadata[strings.ToLower(name)] = value
		}
		return M{"contentType": stat.ContentType, "metadata": metadata}
	})
	plan.CheckNasty(func(key, content string) (string, error) {
		if _, err := put(client, "nasty", key, content); err != nil {
			return "", err
		}
		return read(client, "nasty", key, minio.GetObjectOptions{})
	})
	Check("missing key", func() any {
		_, err := read(client, "work", "not there", minio.GetObjectOptions{})
		return minio.ToErrorResponse(err).Code
	})
	Check("condition", func() any {
		options := minio.PutObjectOptions{}
		options.SetMatchETagExcept("*")
		_, err := client.PutObject(ctx, "work", "pages/01", strings.NewReader("x"), 1, options)
		return minio.ToErrorResponse(err).Code
	})
	Check("checksum", func() any {
		client := connect(true).Client
		options := minio.PutObjectOptions{Checksum: minio.ChecksumSHA256}
		Got(client.PutObject(ctx, "work", "checked", strings.NewReader("checked"), 7, options))
		return Got(client.StatObject(ctx, "work", "checked", minio.StatObjectOptions{Checksum: true})).ChecksumSHA256
	})
}

func list(client *minio.Client, bucket string, options minio.ListObjectsOptions) []minio.ObjectInfo {
	objects := []minio.ObjectInfo{}
	for object := range client.ListObjects(ctx, bucket, options) {
		Must(object.Err)
		objects = append(objects, object)
	}
	return objects
}

func checkLists(client *minio.Client) {
	Check("nasty list", func() any {
		keys := []string{}
		for _, object := range list(client, "nasty", minio.ListObjectsOptions{Recursive: true, MaxKeys: 7}) {
			keys = append(keys, object.Key)
		}
		return keys
	})
	Check("pages", func() any {
		keys, prefixes := []string{}, []string{}
		for _, object := range list(client, "work", minio.ListObjectsOptions{Prefix: "pages/", MaxKeys: 10}) {
			if strings.HasSuffix(object.Key, "/") {
				prefixes = append(prefixes, object.Key)
			} else {
				keys = append(keys, object.Key)
			}
		}
		return M{"keys": keys, "prefixes": prefixes}
	})
}

func checkChanges(client *minio.Client) {
	Check("copy", func() any {
		target := minio.CopyDestOptions{Bucket: "work", Object: "copied é.txt"}
		Got(client.CopyObject(ctx, target, minio.CopySrcOptions{Bucket: "work", Object: "pages/00"}))
		return nil
	})
	Check("delete one", func() any {
		Must(client.RemoveObject(ctx, "work", "pages/24", minio.RemoveObjectOptions{}))
		return nil
	})
	Check("delete many", func() any {
		doomed := make(chan minio.ObjectInfo)
		go func() {
			defer close(doomed)
			for _, key := range plan.Doomed {
				doomed <- minio.ObjectInfo{Key: key}
			}
		}()
		for failure := range client.RemoveObjects(ctx, "work", doomed, minio.RemoveObjectsOptions{}) {
			Must(failure.Err)
		}
		return nil
	})
	Check("tagging", func() any {
		wanted := Got(tags.NewTags(map[string]string{"project": "one + two", "a+b": ""}, true))
		Must(client.PutObjectTagging(ctx, "work", "pages/02", wanted, minio.PutObjectTaggingOptions{}))
		return Got(client.GetObjectTagging(ctx, "work", "pages/02", minio.GetObjectTaggingOptions{})).ToMap()
	})
}

func checkParts(core *minio.Core) {
	Check("multipart", func() any {
		whole := plan.PatternBytes(5*1024*1024 + 1)
		upload := Got(core.NewMultipartUpload(ctx, "work", "in parts", minio.PutObjectOptions{}))
		parts := []minio.CompletePart{}
		for index, body := range [][]byte{whole[:len(whole)-1], whole[len(whole)-1:]} {
			reader := bytes.NewReader(body)
			part := Got(core.PutObjectPart(ctx, "work", "in parts", upload, index+1, reader, int64(len(body)),
				minio.PutObjectPartOptions{}))
			parts = append(parts, minio.CompletePart{PartNumber: index + 1, ETag: part.ETag})
		}
		sizes := []int64{}
		for _, part := range Got(core.ListObjectParts(ctx, "work", "in parts", upload, 0, 100)).ObjectParts {
			sizes = append(sizes, part.Size)
		}
		done := Got(core.CompleteMultipartUpload(ctx, "work", "in parts", upload, parts, minio.PutObjectOptions{}))
		return M{"parts": sizes, "etagEnd": done.ETag[len(done.ETag)-2:] + `"`}
	})
	Check("abort", func() any {
		uploads := func() []string {
			keys := []string{}
			for item := range core.ListIncompleteUploads(ctx, "work", "", true) {
				Must(item.Err)
				keys = append(keys, item.Key)
			}
			return keys
		}
		Got(core.NewMultipartUpload(ctx, "work", "aborted", minio.PutObjectOptions{}))
		before := uploads()
		Must(core.RemoveIncompleteUpload(ctx, "work", "aborted"))
		return M{"before": before, "after": uploads()}
	})
}

func checkVersions(client *minio.Client) {
	Check("versions", func() any {
		Must(client.EnableVersioning(ctx, "versioned"))
		first := Got(put(client, "versioned", "twice", "first"))
		Got(put(client, "versioned", "twice", "second"))
		Must(client.RemoveObject(ctx, "versioned", "twice", minio.RemoveObjectOptions{}))
		all := list(client, "versioned", minio.ListObjectsOptions{WithVersions: true, Recursive: true})
		markers := 0
		for _, object := range all {
			if object.IsDeleteMarker {
				markers++
			}
		}
		old := Got(read(client, "versioned", "twice", minio.GetObjectOptions{VersionID: first.VersionID}))
		return M{"versions": len(all) - markers, "markers": markers, "old": old}
	})
}

func checkPresigned(client *minio.Client) {
	Check("presigned get", func() any {
		return Got(client.PresignedGetObject(ctx, "work", "pages/01", time.Minute, nil)).String()
	})
	Check("presigned put", func() any {
		return Got(client.PresignedPutObject(ctx, "work", "door é+.txt", time.Minute)).String()
	})
	Check("post form", func() any {
		policy := minio.NewPostPolicy()
		Must(policy.SetBucket("work"))
		Must(policy.SetKey("posted é.txt"))
		Must(policy.SetExpires(time.Now().Add(time.Minute)))
		Must(policy.SetContentLengthRange(1, 100))
		url, fields, err := client.PresignedPostPolicy(ctx, policy)
		Must(err)
		return M{"url": url.String(), "fields": fields}
	})
}
