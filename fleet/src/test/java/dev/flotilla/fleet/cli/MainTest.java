package dev.flotilla.fleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.ConfigDoc;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Tokens;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private static final String SECRET = "a secret that only tests use, 32 long";

  @TempDir Path data;

  private record Outcome(int code, String out, String err) {}

  private static Outcome flotilla(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Outcome(code, out.toString(), err.toString());
  }

  private Outcome token(String... more) {
    String[] all = new String[8 + more.length];
    String[] first = {
      "token", "--tenant", "acme", "--user", "alice", "--role", "operator", "--data=" + data
    };
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return flotilla(all);
  }

  private static Principal proved(String token) {
    Vertx vertx = Vertx.vertx();
    try {
      return new Tokens(
              vertx, new FleetConfig.Identity(new Secret(SECRET), null, null), Clock.systemUTC())
          .verify(token)
          .await();
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void aTokenIsAllThatIsPrinted() throws IOException {
    Files.writeString(data.resolve("identity.secret"), SECRET + "\n");
    Outcome outcome = token("--ttl", "2h");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
    Principal principal = proved(outcome.out().strip());
    assertThat(principal.tenant().value()).isEqualTo("acme");
    assertThat(principal.user().value()).isEqualTo("alice");
    assertThat(principal.roles()).containsExactly(Role.OPERATOR);
    assertThat(Duration.between(Instant.now(), principal.expiresAt()))
        .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
  }

  @Test
  void aTokenCanComeFromTheConfigurationOfANode() throws IOException {
    Path config = data.resolve("node.yaml");
    Files.writeString(config, "identity:\n  secret: " + SECRET + "\n");
    Outcome outcome =
        flotilla("token", "--tenant=acme", "--user=alice", "--role=PLATFORM", "--config=" + config);
    assertThat(proved(outcome.out().strip()).roles()).containsExactly(Role.PLATFORM);
  }

  @Test
  void withoutASecretOneLineSaysWhoMakesIt() {
    Outcome outcome = token();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).hasLineCount(1).contains("identity.secret").contains("flotilla up");
  }

  @Test
  void aShortSecretIsBroken() throws IOException {
    Files.writeString(data.resolve("identity.secret"), "short");
    Outcome outcome = token();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).hasLineCount(1).contains("is broken");
  }

  @ParameterizedTest
  @CsvSource({
    "'', Say what to do",
    "'token --tenant acme --user alice', --role",
    "'token --tenant acme --user alice --role emperor', emperor",
    "'token --tenant acme --user alice --role viewer --ttl soon', soon",
    "'token --tenant acme --user alice --role viewer --ttl 0s', --ttl",
    "'token --tenant acme --user alice --role viewer --data x --config y', exclusive",
    "'up --nodes 0', --nodes",
    "'up --nodes 10', --nodes",
    "'up --port 65535 --nodes 2', --port",
    "'up --prot 1', --prot",
    "'node', --config",
    "'bench wire --parts latency', latency",
    "'bench wire --rounds 0', --rounds",
    "'config', check FILE",
    "'launch', launch"
  })
  void aWrongCommandIsOneLineAndCode2(String line, String named) {
    Outcome outcome = flotilla(line.isEmpty() ? new String[0] : line.split(" ", -1));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).hasLineCount(1).startsWith("flotilla: ").contains(named, "--help");
  }

  @Test
  void anIdThatCannotBeOneIsAWrongCommand() throws IOException {
    Files.writeString(data.resolve("identity.secret"), SECRET);
    Outcome outcome = token("--tenant=a/b");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).hasLineCount(1);
  }

  @Test
  void configCheckNamesEveryProblemOnALineOfItsOwn() throws IOException {
    Path config = data.resolve("node.yaml");
    Files.writeString(config, "gateway:\n  prot: 1\n");
    Outcome outcome = flotilla("config", "check", config.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines(
            "flotilla: gateway.prot is not a setting\nflotilla: identity.secret must be set\n");
  }

  @Test
  void configCheckIsContentWithAGoodFile() throws IOException {
    Path config = data.resolve("node.yaml");
    Files.writeString(config, "identity:\n  secret: " + SECRET + "\n");
    Outcome outcome = flotilla("config", "check", config.toString());
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void configDocPrintsTheReference() {
    assertThat(flotilla("config", "doc").out()).isEqualTo(ConfigDoc.yaml());
  }

  @Test
  void aNodeWithABrokenConfigurationDoesNotStart() throws IOException {
    Path config = data.resolve("node.yaml");
    Files.writeString(config, "gateway:\n  prot: 1\n");
    Outcome outcome = flotilla("node", "--config", config.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).hasLineCount(1).contains("gateway.prot", "identity.secret");
  }

  @Test
  void helpAndVersionAreThere() {
    assertThat(flotilla("--help").out()).contains("up", "node", "token", "config");
    assertThat(flotilla("up", "--help").out()).contains("--nodes", "--port", "--data");
    assertThat(flotilla("--version").out()).startsWith("flotilla ");
  }
}
