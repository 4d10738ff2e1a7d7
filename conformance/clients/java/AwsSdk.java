import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** The AWS SDK for Java, with its transfer manager over the common runtime in C, every option at its default. */
final class AwsSdk {
  private static final String WORK = "work";
  private static final int PART_BYTES = 5 * 1024 * 1024;

  private final Report report;
  private final StaticCredentialsProvider credentials;
  private final URI endpoint;
  private final Region region;
  private final S3Client s3;

  private AwsSdk(Report report) {
    this.report = report;
    credentials =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(report.text("accessKeyId"), report.text("secretAccessKey")));
    endpoint = URI.create(report.text("endpoint"));
    region = Region.of(report.text("region"));
    s3 =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .forcePathStyle(true)
            .build();
  }

  public static void main(String[] arguments) throws Exception {
    AwsSdk client = new AwsSdk(new Report(arguments[0]));
    client.checkBuckets();
    client.checkSizes();
    client.checkReading();
    client.checkNasty();
    client.checkLists();
    client.checkRefusals();
    client.checkCopies();
    client.checkDeletions();
    client.checkParts();
    client.checkVersionsAndTags();
    client.checkPresigned();
    // The runtime in C keeps threads of its own.
    System.exit(0);
  }

  private void checkBuckets() {
    report.check(
        "buckets",
        () -> {
          s3.createBucket(ask -> ask.bucket("made-here"));
          s3.waiter().waitUntilBucketExists(ask -> ask.bucket("made-here"));
          List<String> names =
              s3.listBuckets().buckets().stream().map(bucket -> bucket.name()).toList();
          s3.deleteBucket(ask -> ask.bucket("made-here"));
          return names;
        });
  }

  private void checkSizes() {
    S3AsyncClient runtime =
        S3AsyncClient.crtBuilder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .forcePathStyle(true)
            .build();
    S3TransferManager transfers = S3TransferManager.builder().s3Client(runtime).build();
    for (Map<String, String> sized : report.records("sizes")) {
      String name = sized.get("name");
      report.check(
          "size " + name,
          () -> {
            Path target = Path.of(report.text("folder"), "downloaded " + name);
            transfers
                .uploadFile(
                    upload ->
                        upload
                            .source(Path.of(sized.get("path")))
                            .putObjectRequest(ask -> ask.bucket("sizes").key(name)))
                .completionFuture()
                .join();
            transfers
                .downloadFile(
                    download ->
                        download
                            .destination(target)
                            .getObjectRequest(ask -> ask.bucket("sizes").key(name)))
                .completionFuture()
                .join();
            return Report.digestOf(target);
          });
    }
  }

  private void checkReading() {
    report.check(
        "range",
        () ->
            s3.getObjectAsBytes(ask -> ask.bucket(WORK).key("pages/00").range("bytes=5-14"))
                .asUtf8String());
    report.check(
        "metadata",
        () -> {
          Map<String, String> metadata = Map.of("colour", "blue", "shade", "dark green");
          s3.putObject(
              ask ->
                  ask.bucket(WORK)
                      .key("said")
                      .contentType("text/x-test; charset=utf-8")
                      .metadata(metadata),
              RequestBody.fromString("x"));
          var head = s3.headObject(ask -> ask.bucket(WORK).key("said"));
          return Map.of("contentType", head.contentType(), "metadata", head.metadata());
        });
    report.check(
        "checksum",
        () -> {
          s3.putObject(
              ask ->
                  ask.bucket(WORK).key("checked").checksumAlgorithm(ChecksumAlgorithm.SHA256),
              RequestBody.fromString("checked"));
          return s3.headObject(
                  ask -> ask.bucket(WORK).key("checked").checksumMode(ChecksumMode.ENABLED))
              .checksumSHA256();
        });
    report.check(
        "attributes",
        () -> {
          var seen =
              s3.getObjectAttributes(
                  ask ->
                      ask.bucket(WORK)
                          .key("pages/03")
                          .objectAttributes(ObjectAttributes.OBJECT_SIZE, ObjectAttributes.E_TAG));
          return Map.of("size", seen.objectSize(), "etag", seen.eTag());
        });
  }

  private void checkNasty() {
    report.check(
        "nasty",
        () -> {
          List<List<String>> failed = new ArrayList<>();
          for (Map<String, String> item : report.records("nasty")) {
            String key = item.get("key");
            try {
              put("nasty", key, item.get("content"));
              String text =
                  s3.getObjectAsBytes(ask -> ask.bucket("nasty").key(key)).asUtf8String();
              if (!text.equals(item.get("content"))) {
                failed.add(List.of(key, "came back as " + text));
              }
            } catch (Exception error) {
              failed.add(List.of(key, error.toString()));
            }
          }
          return failed;
        });
    report.check(
        "nasty list",
        () ->
            s3.listObjectsV2Paginator(ask -> ask.bucket("nasty").maxKeys(7)).contents().stream()
                .map(item -> item.key())
                .toList());
  }

  private void checkLists() {
    report.check(
        "pages",
        () -> {
          var pages =
              s3.listObjectsV2Paginator(
                  ask -> ask.bucket(WORK).prefix("pages/").delimiter("/").maxKeys(10));
          return Map.of(
              "keys", pages.contents().stream().map(item -> item.key()).toList(),
              "prefixes", pages.commonPrefixes().stream().map(item -> item.prefix()).toList());
        });
  }

  private void checkRefusals() {
    report.check(
        "missing key",
        () -> codeOf(() -> s3.getObject(ask -> ask.bucket(WORK).key("not there"))));
    report.check(
        "condition",
        () ->
            codeOf(
                () ->
                    s3.putObject(
                        ask -> ask.bucket(WORK).key("pages/01").ifNoneMatch("*"),
                        RequestBody.fromString("x"))));
  }

  private void checkCopies() {
    report.check(
        "copy",
        () -> {
          s3.copyObject(
              ask ->
                  ask.sourceBucket(WORK)
                      .sourceKey("pages/00")
                      .destinationBucket(WORK)
                      .destinationKey("copied é.txt"));
          return null;
        });
  }

  private void checkDeletions() {
    report.check(
        "delete one",
        () -> {
          s3.deleteObject(ask -> ask.bucket(WORK).key("pages/24"));
          return null;
        });
    report.check(
        "delete many",
        () -> {
          List<ObjectIdentifier> doomed =
              report.texts("doomed").stream()
                  .map(key -> ObjectIdentifier.builder().key(key).build())
                  .toList();
          s3.deleteObjects(ask -> ask.bucket(WORK).delete(these -> these.objects(doomed)));
          return null;
        });
  }

  private void checkParts() {
    report.check(
        "multipart",
        () -> {
          byte[] whole = pattern();
          String id = begin("in parts");
          List<CompletedPart> parts = new ArrayList<>();
          for (byte[] body :
              List.of(
                  Arrays.copyOf(whole, PART_BYTES),
                  Arrays.copyOfRange(whole, PART_BYTES, whole.length))) {
            int number = parts.size() + 1;
            var sent =
                s3.uploadPart(
                    ask -> ask.bucket(WORK).key("in parts").uploadId(id).partNumber(number),
                    RequestBody.fromBytes(body));
            parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
          }
          List<Long> listed =
              s3
                  .listPartsPaginator(ask -> ask.bucket(WORK).key("in parts").uploadId(id))
                  .parts()
                  .stream()
                  .map(Part::size)
                  .toList();
          var done =
              s3.completeMultipartUpload(
                  ask ->
                      ask.bucket(WORK)
                          .key("in parts")
                          .uploadId(id)
                          .multipartUpload(upload -> upload.parts(parts)));
          String etag = done.eTag();
          return Map.of("parts", listed, "etagEnd", etag.substring(etag.length() - 3));
        });
    report.check(
        "abort",
        () -> {
          String id = begin("aborted");
          List<String> before = uploads();
          s3.abortMultipartUpload(ask -> ask.bucket(WORK).key("aborted").uploadId(id));
          return Map.of("before", before, "after", uploads());
        });
  }

  private void checkVersionsAndTags() {
    report.check(
        "tagging",
        () -> {
          List<Tag> tags =
              List.of(
                  Tag.builder().key("project").value("one + two").build(),
                  Tag.builder().key("a+b").value("").build());
          s3.putObjectTagging(
              ask -> ask.bucket(WORK).key("pages/02").tagging(tagging -> tagging.tagSet(tags)));
          return s3.getObjectTagging(ask -> ask.bucket(WORK).key("pages/02")).tagSet().stream()
              .collect(Collectors.toMap(Tag::key, Tag::value));
        });
    report.check(
        "versions",
        () -> {
          s3.putBucketVersioning(
              ask ->
                  ask.bucket("versioned")
                      .versioningConfiguration(
                          wanted -> wanted.status(BucketVersioningStatus.ENABLED)));
          String first = put("versioned", "twice", "first");
          put("versioned", "twice", "second");
          s3.deleteObject(ask -> ask.bucket("versioned").key("twice"));
          var listed = s3.listObjectVersions(ask -> ask.bucket("versioned"));
          String old =
              s3.getObjectAsBytes(
                      ask -> ask.bucket("versioned").key("twice").versionId(first))
                  .asUtf8String();
          return Map.of(
              "versions", listed.versions().size(),
              "markers", listed.deleteMarkers().size(),
              "old", old);
        });
  }

  private void checkPresigned() {
    Duration life = Duration.ofMinutes(1);
    S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build();
    report.check(
        "presigned get",
        () ->
            presigner
                .presignGetObject(
                    wish ->
                        wish.signatureDuration(life)
                            .getObjectRequest(ask -> ask.bucket(WORK).key("pages/01")))
                .url());
    report.check(
        "presigned put",
        () ->
            presigner
                .presignPutObject(
                    wish ->
                        wish.signatureDuration(life)
                            .putObjectRequest(ask -> ask.bucket(WORK).key("door é+.txt")))
                .url());
  }

  /** Its version, if there is one. */
  private String put(String bucket, String key, String content) {
    return s3.putObject(ask -> ask.bucket(bucket).key(key), RequestBody.fromString(content))
        .versionId();
  }

  private String begin(String key) {
    return s3.createMultipartUpload(ask -> ask.bucket(WORK).key(key)).uploadId();
  }

  private List<String> uploads() {
    return s3.listMultipartUploads(ask -> ask.bucket(WORK)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  private byte[] pattern() throws Exception {
    String name = "5MiB-plus-1";
    for (Map<String, String> sized : report.records("sizes")) {
      if (sized.get("name").equals(name)) {
        return Files.readAllBytes(Path.of(sized.get("path")));
      }
    }
    throw new IllegalStateException("no size " + name);
  }

  private static String codeOf(Runnable call) {
    try {
      call.run();
    } catch (S3Exception error) {
      return error.awsErrorDetails().errorCode();
    }
    return "nothing failed";
  }
}
