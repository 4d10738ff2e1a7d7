"""pyarrow's file system for S3, which is the AWS SDK for C++."""

from pyarrow import fs
from report import check, plan, sha256_of

s3 = fs.S3FileSystem(
    access_key=plan["accessKeyId"],
    secret_key=plan["secretAccessKey"],
    region=plan["region"],
    endpoint_override=f"{plan['host']}:{plan['port']}",
    scheme="http",
    allow_bucket_creation=True,
    allow_bucket_deletion=True,
)


def write(path, chunks):
    with s3.open_output_stream(path) as stream:
        for chunk in chunks:
            stream.write(chunk)


def chunks_of(stream):
    return iter(lambda: stream.read(1 << 20), b"")


@check("buckets")
def _():
    s3.create_dir("made-here")
    names = [item.path for item in s3.get_file_info(fs.FileSelector(""))]
    s3.delete_dir("made-here")
    return names


for sized in plan["sizes"]:

    @check(f"size {sized['name']}")
    def _():
        with open(sized["path"], "rb") as file:
            write(f"sizes/{sized['name']}", chunks_of(file))
        with s3.open_input_stream(f"sizes/{sized['name']}") as stream:
            return sha256_of(chunks_of(stream))


@check("range")
def _():
    with s3.open_input_file("work/pages/00") as file:
        return file.read_at(10, 5).decode()


@check("nasty")
def _():
    failed = []
    for item in plan["nasty"]:
        try:
            write(f"nasty/{item['key']}", [item["content"].encode()])
            with s3.open_input_stream(f"nasty/{item['key']}") as stream:
                text = stream.read().decode()
            if text != item["content"]:
                failed.append([item["key"], f"came back as {text}"])
        except Exception as error:
            failed.append([item["key"], str(error)])
    return failed


def listed(folder, **more):
    return s3.get_file_info(fs.FileSelector(folder, **more))


@check("nasty list")
def _():
    files = [item for item in listed("nasty", recursive=True) if item.type == fs.FileType.File]
    return [item.path.removeprefix("nasty/") for item in files]


@check("pages")
def _():
    items = listed("work/pages")
    paths = {
        kind: sorted(item.path.removeprefix("work/") for item in items if item.type == kind)
        for kind in (fs.FileType.File, fs.FileType.Directory)
    }
    prefixes = [f"{path}/" for path in paths[fs.FileType.Directory]]
    return {"keys": paths[fs.FileType.File], "prefixes": prefixes}


@check("copy")
def _():
    s3.copy_file("work/pages/00", "work/copied é.txt")


@check("delete one")
def _():
    s3.delete_file("work/pages/24")


@check("delete many")
def _():
    s3.delete_dir("work/doomed")
