"""boto3, every option at its default."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from report import check, pattern_bytes, plan, sha256_of



def connect(config=None):
    return boto3.client(
        "s3",
        endpoint_url=plan["endpoint"],
        region_name=plan["region"],
        aws_access_key_id=plan["accessKeyId"],
        aws_secret_access_key=plan["secretAccessKey"],
        config=config,
    )


s3 = connect()
WORK = {"Bucket": "work"}


def code_of(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "nothing failed"


@check("buckets")
def _():
    s3.create_bucket(Bucket="made-here")
    s3.get_waiter("bucket_exists").wait(Bucket="made-here")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    s3.delete_bucket(Bucket="made-here")
    return names


for sized in plan["sizes"]:

    @check(f"size {sized['name']}")
    def _():
        s3.upload_file(sized["path"], "sizes", sized["name"])
        target = f"{plan['folder']}/downloaded"
        s3.download_file("sizes", sized["name"], target)
        with open(target, "rb") as file:
            return sha256_of(iter(lambda: file.read(1 << 20), b""))


@check("range")
def _():
    answer = s3.get_object(**WORK, Key="pages/00", Range="bytes=5-14")
    return answer["Body"].read().decode()


@check("metadata")
def _():
    metadata = {"colour": "blue", "shade": "dark green"}
    content_type = "text/x-test; charset=utf-8"
    s3.put_object(**WORK, Key="said", Body=b"x", ContentType=content_type, Metadata=metadata)
    head = s3.head_object(**WORK, Key="said")
    return {"contentType": head["ContentType"], "metadata": head["Metadata"]}


@check("nasty")
def _():
    failed = []
    for item in plan["nasty"]:
        target = {"Bucket": "nasty", "Key": item["key"]}
        try:
            s3.put_object(**target, Body=item["content"].encode())
            text = s3.get_object(**target)["Body"].read().decode()
            if text != item["content"]:
                failed.append([item["key"], f"came back as {text}"])
        except Exception as error:
            failed.append([item["key"], str(error)])
    return failed


@check("nasty list")
def _():
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="nasty", PaginationConfig={"PageSize": 7}
    )
    return [item["Key"] for page in pages for item in page["Contents"]]


@check("pages")
def _():
    pages = list(
        s3.get_paginator("list_objects_v2").paginate(
            **WORK, Prefix="pages/", Delimiter="/", PaginationConfig={"PageSize": 10}
        )
    )
    return {
        "keys": [item["Key"] for page in pages for item in page.get("Contents", [])],
        "prefixes": [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])],
    }


@check("missing key")
def _():
    return code_of(lambda: s3.get_object(**WORK, Key="not there"))


@check("condition")
def _():
    return code_of(lambda: s3.put_object(**WORK, Key="pages/01", Body=b"x", IfNoneMatch="*"))


@check("checksum")
def _():
    s3.put_object(**WORK, Key="checked", Body=b"checked", ChecksumAlgorithm="SHA256")
    return s3.head_object(**WORK, Key="checked", ChecksumMode="ENABLED")["ChecksumSHA256"]


@check("copy")
def _():
    source = {"Bucket": "work", "Key": "pages/00"}
    s3.copy(source, "work", "copied é.txt")


@check("delete one")
def _():
    s3.delete_object(**WORK, Key="pages/24")


@check("delete many")
def _():
    objects = [{"Key": key} for key in plan["doomed"]]
    answer = s3.delete_objects(**WORK, Delete={"Objects": objects})
    return answer.get("Errors")


@check("multipart")
def _():
    whole = pattern_bytes(5 * 1024 * 1024 + 1)
    target = {**WORK, "Key": "in parts"}
    upload = {**target, "UploadId": s3.create_multipart_upload(**target)["UploadId"]}
    parts = []
    for number, body in enumerate([whole[:-1], whole[-1:]], start=1):
        answer = s3.upload_part(**upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    listed = s3.list_parts(**upload)["Parts"]
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    return {"parts": [part["Size"] for part in listed], "etagEnd": done["ETag"][-3:]}


@check("abort")
def _():
    def uploads():
        return [item["Key"] for item in s3.list_multipart_uploads(**WORK).get("Uploads", [])]

    target = {**WORK, "Key": "aborted"}
    upload = {**target, "UploadId": s3.create_multipart_upload(**target)["UploadId"]}
    s3.upload_part(**upload, PartNumber=1, Body=b"part")
    before = uploads()
    s3.abort_multipart_upload(**upload)
    return {"before": before, "after": uploads()}


@check("tagging")
def _():
    tags = [{"Key": "project", "Value": "one + two"}, {"Key": "a+b", "Value": ""}]
    s3.put_object_tagging(**WORK, Key="pages/02", Tagging={"TagSet": tags})
    answer = s3.get_object_tagging(**WORK, Key="pages/02")
    return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


@check("versions")
def _():
    bucket = {"Bucket": "versioned"}
    target = {**bucket, "Key": "twice"}
    s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(**target, Body=b"first")
    s3.put_object(**target, Body=b"second")
    s3.delete_object(**target)
    listed = s3.list_object_versions(**bucket)
    old = s3.get_object(**target, VersionId=first["VersionId"])["Body"].read().decode()
    return {"versions": len(listed["Versions"]), "markers": len(listed["DeleteMarkers"]), "old": old}


@check("signature v2")
def _():
    return s3.generate_presigned_url("get_object", {**WORK, "Key": "pages/01"}, 60)


# Without this it presigns with version 2.
s3v4 = connect(Config(signature_version="s3v4"))


@check("presigned get")
def _():
    return s3v4.generate_presigned_url("get_object", {**WORK, "Key": "pages/01"}, 60)


@check("presigned put")
def _():
    return s3v4.generate_presigned_url("put_object", {**WORK, "Key": "door é+.txt"}, 60)


@check("post form")
def _():
    conditions = [["content-length-range", 1, 100]]
    return s3v4.generate_presigned_post("work", "posted é.txt", Conditions=conditions, ExpiresIn=60)
