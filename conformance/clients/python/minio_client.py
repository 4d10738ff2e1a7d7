"""minio, the Python client, every option at its default."""

import io
from datetime import datetime, timedelta, timezone

from minio import Minio
from minio.commonconfig import ENABLED, CopySource, Tags
from minio.datatypes import PostPolicy
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.versioningconfig import VersioningConfig
from report import check, plan, sha256_of

client = Minio(
    endpoint=f"{plan['host']}:{plan['port']}",
    access_key=plan["accessKeyId"],
    secret_key=plan["secretAccessKey"],
    region=plan["region"],
    secure=False,
)
WORK = {"bucket_name": "work"}


def put(bucket, key, content, **more):
    body = content.encode()
    return client.put_object(
        bucket_name=bucket, object_name=key, data=io.BytesIO(body), length=len(body), **more
    )


def read(**what):
    answer = client.get_object(**what)
    try:
        return answer.read().decode()
    finally:
        answer.close()
        answer.release_conn()


@check("buckets")
def _():
    client.make_bucket(bucket_name="made-here")
    names = [bucket.name for bucket in client.list_buckets()]
    client.remove_bucket(bucket_name="made-here")
    return names


for sized in plan["sizes"]:

    @check(f"size {sized['name']}")
    def _():
        target = {"bucket_name": "sizes", "object_name": sized["name"]}
        path = f"{plan['folder']}/downloaded"
        client.fput_object(**target, file_path=sized["path"])
        client.fget_object(**target, file_path=path)
        with open(path, "rb") as file:
            return sha256_of(iter(lambda: file.read(1 << 20), b""))


@check("range")
def _():
    return read(**WORK, object_name="pages/00", offset=5, length=10)


@check("metadata")
def _():
    metadata = {"colour": "blue", "shade": "dark green"}
    content_type = "text/x-test; charset=utf-8"
    put("work", "said", "x", content_type=content_type, metadata=metadata)
    head = client.stat_object(**WORK, object_name="said")
    return {
        "contentType": head.content_type,
        "metadata": {name: head.metadata[f"x-amz-meta-{name}"] for name in metadata},
    }


@check("nasty")
def _():
    failed = []
    for item in plan["nasty"]:
        try:
            put("nasty", item["key"], item["content"])
            text = read(bucket_name="nasty", object_name=item["key"])
            if text != item["content"]:
                failed.append([item["key"], f"came back as {text}"])
        except Exception as error:
            failed.append([item["key"], str(error)])
    return failed


@check("nasty list")
def _():
    return [item.object_name for item in client.list_objects(bucket_name="nasty", recursive=True)]


@check("pages")
def _():
    listed = list(client.list_objects(**WORK, prefix="pages/"))
    return {
        "keys": [item.object_name for item in listed if not item.is_dir],
        "prefixes": [item.object_name for item in listed if item.is_dir],
    }


@check("missing key")
def _():
    try:
        client.stat_object(**WORK, object_name="not there")
    except S3Error as error:
        return error.code
    return "nothing failed"


@check("copy")
def _():
    source = CopySource(bucket_name="work", object_name="pages/00")
    client.copy_object(**WORK, object_name="copied é.txt", source=source)


@check("delete one")
def _():
    client.remove_object(**WORK, object_name="pages/24")


@check("delete many")
def _():
    objects = [DeleteObject(key) for key in plan["doomed"]]
    return [str(error) for error in client.remove_objects(**WORK, delete_object_list=objects)]


@check("tagging")
def _():
    tags = Tags.new_object_tags()
    tags.update({"project": "one + two", "a+b": ""})
    client.set_object_tags(**WORK, object_name="pages/02", tags=tags)
    return dict(client.get_object_tags(**WORK, object_name="pages/02"))


@check("versions")
def _():
    bucket = {"bucket_name": "versioned"}
    client.set_bucket_versioning(**bucket, config=VersioningConfig(ENABLED))
    first = put("versioned", "twice", "first")
    put("versioned", "twice", "second")
    client.remove_object(**bucket, object_name="twice")
    listed = list(client.list_objects(**bucket, include_version=True))
    markers = [item for item in listed if item.is_delete_marker]
    old = read(**bucket, object_name="twice", version_id=first.version_id)
    return {"versions": len(listed) - len(markers), "markers": len(markers), "old": old}


@check("presigned get")
def _():
    return client.presigned_get_object(**WORK, object_name="pages/01")


@check("presigned put")
def _():
    return client.presigned_put_object(**WORK, object_name="door é+.txt")


@check("post form")
def _():
    policy = PostPolicy("work", datetime.now(timezone.utc) + timedelta(minutes=1))
    policy.add_equals_condition("key", "posted é.txt")
    policy.add_content_length_range_condition(1, 100)
    fields = client.presigned_post_policy(policy)
    return {"url": f"{plan['endpoint']}/work", "fields": {**fields, "key": "posted é.txt"}}
