package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./flotilla up` as a user meets it.
class UpIT {
  private static final String ADMIN = "flotilla admin:";

  @TempDir Path directory;

  @Test
  void threeNodesFormOneFleetAndStopWithoutATrace() throws Exception {
    Path data = directory.resolve("a directory");
    try (FleetProcess fleet = FleetProcess.up(data, 3)) {
      assertThat(fleet.urls()).hasSize(3).doesNotHaveDuplicates();
      for (int node = 1; node <= 3; node++) {
        assertThat(fleet.get(node, "/health/live").statusCode()).isEqualTo(200);
        assertThat(fleet.get(node, "/health/ready").statusCode()).isEqualTo(200);
        assertThat(fleet.meter(node, "flotilla_nodes")).isEqualTo(3.0);
      }
      assertThat(fleet.standardError()).isEmpty();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("identity.secret"))))
          .isEqualTo("rw-------");
      assertThat(fleet.token("acme", "alice", "operator")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
      fleet.stop();
    }
  }

  @Test
  void theFirstAdminIsToldOnceAndLogsIn() throws Exception {
    Path data = directory.resolve("data");
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> fleet.standardOut().contains(ADMIN));
      Matcher told =
          Pattern.compile(ADMIN + " user (\\S+) of tenant (\\S+), password (\\S+)")
              .matcher(fleet.standardOut());
      assertThat(told.find()).isTrue();
      assertThat(login(fleet, told.group(1), told.group(2), told.group(3))).isEqualTo(200);
      assertThat(login(fleet, told.group(1), told.group(2), "a guess")).isEqualTo(401);
      FleetProcess.Outcome added =
          FleetProcess.run(
              "user",
              "add",
              "--tenant",
              "acme",
              "--user",
              "alice",
              "--role",
              "operator",
              "--url",
              fleet.urls().getFirst().toString(),
              "--data",
              data.toString());
      assertThat(added.code()).as(added.err()).isZero();
      assertThat(login(fleet, "alice", "acme", added.out().strip())).isEqualTo(200);
      fleet.stop();
    }
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      assertThat(Files.readString(data.resolve("state.properties"))).contains("first-admin");
      fleet.stop();
      assertThat(fleet.standardOut()).hasLineCount(1);
    }
  }

  private static int login(FleetProcess fleet, String user, String tenant, String password)
      throws Exception {
    String body =
        "{\"username\":\"%s\",\"tenant\":\"%s\",\"password\":\"%s\"}"
            .formatted(user, tenant, password);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(fleet.urls().getFirst().resolve("/api/v1/auth/login"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void dataIsKeptAcrossRestartsAndKills() throws Exception {
    Path data = directory.resolve("data");
    String secret;
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      secret = Files.readString(data.resolve("identity.secret"));
      sql(data, "create table kept (word text); insert into kept values ('still here')");
      fleet.stop();
    }
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      assertThat(word(data)).isEqualTo("still here");
      // Nobody is told to stop here: the servers outlive their parent, the node notices.
      ProcessHandle node = fleet.node(1);
      fleet.killSupervisor();
      await().until(() -> !node.isAlive());
    }
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      assertThat(word(data)).isEqualTo("still here");
      assertThat(Files.readString(data.resolve("identity.secret"))).isEqualTo(secret);
      fleet.stop();
    }
  }

  @Test
  void aNewFleetTakesOverWhileTheKilledOneStillDrains() throws Exception {
    Path data = directory.resolve("data");
    try (FleetProcess killed = FleetProcess.up(data, 2)) {
      killed.killSupervisor();
      try (FleetProcess fleet = FleetProcess.up(data, 2)) {
        assertThat(fleet.meter(1, "flotilla_nodes")).isEqualTo(2.0);
        fleet.stop();
      }
    }
  }

  @Test
  void aNodeThatDiesIsReportedAndStartedAgain() throws Exception {
    try (FleetProcess fleet = FleetProcess.up(directory.resolve("data"), 3)) {
      fleet.kill(2);
      await().until(() -> fleet.meter(1, "flotilla_nodes") == 2.0);
      await().atMost(Duration.ofSeconds(60)).until(() -> fleet.isReady(2));
      await().until(() -> fleet.meter(1, "flotilla_nodes") == 3.0);
      assertThat(fleet.standardError()).hasLineCount(1).contains("n2", "137", "started again");
      fleet.stop();
    }
  }

  @Test
  void aPortInUseIsOneLineAndNothingIsStarted() throws Exception {
    Path data = directory.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      FleetProcess.Outcome outcome =
          FleetProcess.run("up", "--data", data.toString(), "--port", port);
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).hasLineCount(1).contains("127.0.0.1:" + port, "--port");
      assertThat(data.resolve("postgres")).doesNotExist();
    }
  }

  @Test
  void aDataDirectoryThatIsAFileIsOneLine() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused(file, "is not a directory");
  }

  @Test
  void aDataDirectoryThatIsInUseOrBrokenIsOneLineAndStaysAsItIs() throws Exception {
    Path data = directory.resolve("data");
    try (FleetProcess fleet = FleetProcess.up(data, 1)) {
      assertRefused(data, "in use by another flotilla up");
      assertThat(fleet.isReady(1)).isTrue();
      fleet.stop();
    }
    Path state = data.resolve("state.properties");
    Path aside = Files.move(state, data.resolve("aside"));
    assertRefused(data, "state.properties is missing");
    Files.move(aside, state);
    Files.writeString(data.resolve("postgres/postgresql.conf"), "this is no setting\n");
    assertRefused(data, "PostgreSQL did not start");
    assertThat(data.resolve("postgres/global/pg_control")).exists();
  }

  @Test
  void foreignFilesAreNotTakenForAnEmptyDatabase() throws Exception {
    Path data = directory.resolve("data");
    Files.createDirectories(data.resolve("postgres"));
    Files.writeString(data.resolve("postgres/precious"), "mine");
    assertRefused(data, "holds no PostgreSQL data");
    assertThat(data.resolve("postgres/precious")).hasContent("mine");
  }

  @Test
  void aWrongSettingIsOneLineBeforeAnythingStarts() throws Exception {
    Path config = directory.resolve("fleet.yaml");
    Files.writeString(config, "gateway:\n  prot: 1\ncluster:\n  silenceLimit: fast\n");
    Path data = directory.resolve("data");
    FleetProcess.Outcome outcome =
        FleetProcess.run(
            "up", "--port", "0", "--data", data.toString(), "--config", config.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .hasLineCount(1)
        .contains("gateway.prot is not a setting", "cluster.silenceLimit must be a duration");
    assertThat(data.resolve("postgres")).doesNotExist();
  }

  private static void assertRefused(Path data, String why)
      throws IOException, InterruptedException {
    FleetProcess.Outcome outcome = FleetProcess.run("up", "--port", "0", "--data", data.toString());
    assertThat(outcome.code()).as(outcome.out()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).hasLineCount(1).startsWith("flotilla: ").contains(why);
  }

  private static Connection open(Path data) throws IOException, SQLException {
    Properties state = new Properties();
    try (var in = Files.newBufferedReader(data.resolve("state.properties"))) {
      state.load(in);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + state.getProperty("postgres.port") + "/flotilla",
        "flotilla",
        state.getProperty("postgres.owner.password"));
  }

  private static void sql(Path data, String statements) throws IOException, SQLException {
    try (Connection connection = open(data);
        Statement statement = connection.createStatement()) {
      for (String one : List.of(statements.split(";", -1))) {
        statement.execute(one);
      }
    }
  }

  private static String word(Path data) throws IOException, SQLException {
    try (Connection connection = open(data);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select word from kept")) {
      return found.next() ? found.getString(1) : "";
    }
  }
}
