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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs statements on Trino: a file of base64 lines, each one statement. Answers one line a statement: its first column, in
 * order of the rows, separated by blanks; or `ERROR ` and the message in base64.
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
      return rows.stream().map(row -> String.valueOf(row.getField(0))).collect(Collectors.joining(" "));
    } catch (RuntimeException error) {
      String message = String.valueOf(error.getMessage());
      return "ERROR " + Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
    }
  }
}
