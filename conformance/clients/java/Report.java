import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** The plan a client was given, and how it says what it saw: a line of JSON a check. */
final class Report {
  interface Check {
    Object run() throws Exception;
  }

  private final Map<String, JsonNode> plan;

  Report(String path) throws IOException {
    plan = JsonNode.parser().parse(Files.readString(Path.of(path))).asObject();
  }

  String text(String name) {
    return plan.get(name).text();
  }

  /** The texts of a list, or the members of its objects. */
  List<String> texts(String name) {
    return plan.get(name).asArray().stream().map(JsonNode::text).toList();
  }

  List<Map<String, String>> records(String name) {
    return plan.get(name).asArray().stream()
        .map(
            node ->
                node.asObject().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text())))
        .toList();
  }

  /** Runs it at once; what it returns is what was seen. */
  void check(String name, Check check) {
    String line;
    try {
      line = "\"saw\":" + json(check.run());
    } catch (Exception | Error error) {
      line = "\"error\":" + json(String.valueOf(error));
    }
    System.out.println("{\"check\":" + json(name) + "," + line + "}");
  }

  static Map<String, Object> digestOf(Path path) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] bytes = Files.readAllBytes(path);
    return Map.of("sha256", HexFormat.of().formatHex(digest.digest(bytes)), "bytes", bytes.length);
  }

  private static String json(Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Report::json).collect(Collectors.joining(",", "[", "]"));
    }
    return quote(String.valueOf(value));
  }

  /** Everything but plain ASCII is escaped, so that no encoding of the output counts. */
  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (Iterator<Integer> each = text.chars().iterator(); each.hasNext(); ) {
      int unit = each.next();
      boolean isPlain = unit >= ' ' && unit < 127 && unit != '"' && unit != '\\';
      quoted.append(isPlain ? String.valueOf((char) unit) : String.format("\\u%04x", unit));
    }
    return quoted.append('"').toString();
  }
}
