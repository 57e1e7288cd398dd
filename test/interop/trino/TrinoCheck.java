import io.trino.Session;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.spi.type.TimeZoneKey;
import io.trino.testing.MaterializedRow;
import io.trino.testing.StandaloneQueryRunner;
import io.trino.testing.TestingSession;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs statements on Trino: a file of base64 lines, each one statement. Answers one line a statement: its rows, separated by
 * blanks, whose cells are separated by commas: each `=` and the value as Athena writes it, in base64, or nothing for no value; or
 * `ERROR ` and the message in base64.
 */
public class TrinoCheck {
  public static void main(String[] args) throws Exception {
    // The server logs to standard output; the answers go to a file.
    List<String> statements = Files.readAllLines(Path.of(args[0]));
    Session session = TestingSession.testSessionBuilder()
        .setTimeZoneKey(TimeZoneKey.UTC_KEY)
        .setCatalog("memory")
        .setSchema("default")
        .build();
    try (StandaloneQueryRunner trino = new StandaloneQueryRunner(session);
        PrintStream answers = new PrintStream(Files.newOutputStream(Path.of(args[1])), false, StandardCharsets.UTF_8)) {
      trino.installPlugin(new MemoryPlugin());
      trino.createCatalog("memory", "memory", Map.of());
      for (String line : statements) {
        answers.println(answer(trino, new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8)));
      }
    }
    // Its threads would go on.
    System.exit(0);
  }

  private static String answer(StandaloneQueryRunner trino, String statement) {
    try {
      List<MaterializedRow> rows = trino.execute(statement).getMaterializedRows();
      return rows.stream().map(TrinoCheck::cells).collect(Collectors.joining(" "));
    } catch (RuntimeException error) {
      String message = String.valueOf(error.getMessage());
      return "ERROR " + base64(message);
    }
  }

  private static String cells(MaterializedRow row) {
    return row.getFields().stream()
        .map(value -> value == null ? "" : "=" + base64(text(value)))
        .collect(Collectors.joining(","));
  }

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  private static String text(Object value) {
    return switch (value) {
      case null -> "null";
      case LocalDateTime time -> TIME.format(time);
      case ZonedDateTime time -> TIME.format(time) + " " + time.getZone();
      case byte[] bytes -> HexFormat.ofDelimiter(" ").formatHex(bytes);
      case List<?> items -> items.stream().map(TrinoCheck::text).collect(Collectors.joining(", ", "[", "]"));
      default -> String.valueOf(value);
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
