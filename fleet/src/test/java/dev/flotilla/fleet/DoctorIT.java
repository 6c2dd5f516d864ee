package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Finding.Repaired;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.Report;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.Pem;
import dev.flotilla.testkit.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DoctorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Ward ward;
  private static Path first;
  private static Path second;

  @BeforeAll
  static void startAHealthyFleet() throws IOException, InterruptedException {
    ward = new Ward();
    first = ward.file("n1", 0, Map.of());
    second =
        ward.file("n2", 1, Map.of("gateway.allowedOrigins", List.of("https://ops.example.com")));
    ward.start(first, Clock.systemUTC());
    ward.start(second, Clock.systemUTC());
  }

  @AfterAll
  static void stop() throws IOException {
    ward.close();
  }

  @Test
  void aHealthyFleetIsSound() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Report report = new Report(Ward.examine(false, first, second));
              assertThat(report.exitCode()).as(report.words()).isZero();
              assertThat(report.words()).contains("The fleet is sound.");
              assertThat(report.findings()).hasSize(16);
            });
  }

  @Test
  void aConfigurationThatCannotBeUsedIsNamed() throws IOException {
    Path broken = ward.directory().resolve("broken.yaml");
    Files.writeString(broken, "gateway: {prot: 1}\n");
    List<Finding> findings = Ward.examine(false, broken);
    trouble(findings, "configuration", "gateway.prot is not a setting");
    assertThat(findings).allMatch(finding -> finding.check().equals("configuration"));
    assertThat(new Report(findings).exitCode()).isEqualTo(Report.ERRORS);
  }

  @Test
  void secretsThatOthersCanReadAreNamedAndHidden() throws IOException {
    Path open = ward.like(first, "n1", Map.of());
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    trouble(Ward.examine(false, open, second), "configuration", "can be read by others");
    repaired(Ward.examine(true, open, second), "configuration");
    assertThat(Files.getPosixFilePermissions(open))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aStrangerAtANodesPortIsNamed() throws IOException {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path file = ward.file("n7", 2, Map.of("gateway.port", stranger.getLocalPort()));
      trouble(Ward.examine(false, first, file), "ports", "something else than node n7");
    }
  }

  @Test
  void aNodeThatIsNotThereIsNamed() {
    Path absent = ward.file("n9", 3, Map.of());
    trouble(Ward.examine(false, first, second, absent), "ports", "node n9 does not answer");
  }

  @Test
  void aDatabaseThatCannotBeReachedIsNamed() {
    Path file = ward.like(first, "n1", Map.of("postgres.port", Ports.free()));
    trouble(Ward.examine(false, file), "postgres", "cannot be used");
  }

  @Test
  void aDatabaseWithoutTheSchemaIsNamed() throws SQLException {
    String bare = ward.database("bare", false);
    Path file = ward.like(first, "n1", Map.of("postgres.database", bare));
    trouble(Ward.examine(false, file), "postgres", "the schema lacks the migrations 1, 2");
  }

  @Test
  void aDatabaseOfANewerVersionAndWithTooFewConnectionsIsNamed() throws SQLException {
    String newer = ward.database("newer", true);
    Path file =
        ward.like(first, "n1", Map.of("postgres.database", newer, "postgres.poolSize", 5_000));
    on(
        file,
        (_, stores) ->
            stores
                .postgres()
                .query(
                    """
                    insert into flyway_schema_history (installed_rank, version, description, type,
                      script, installed_by, execution_time, success)
                    values (999, '999', 'later', 'SQL', 'V999__later.sql', 'test', 1, true)
                    """)
                .execute()
                .await());
    List<Finding> findings = Ward.examine(false, file);
    trouble(findings, "postgres", "migrations of a newer version: 999");
    trouble(findings, "postgres", "may want");
  }

  @Test
  void aDatabaseThatMayLoseWhatItAcknowledgedIsNamed() throws SQLException {
    String careless = ward.database("careless", true);
    on(
        first,
        (_, stores) ->
            stores
                .postgres()
                .query("alter database careless set synchronous_commit = off")
                .execute()
                .await());
    Path file = ward.like(first, "n1", Map.of("postgres.database", careless));
    trouble(Ward.examine(false, file), "postgres", "synchronous_commit is off");
  }

  @Test
  void aRedisThatEvictsIsNamedAndToldNotTo() {
    redis(first, Command.CONFIG, "SET", "maxmemory-policy", "allkeys-lru");
    trouble(Ward.examine(false, first, second), "redis", "maxmemory-policy is allkeys-lru");
    repaired(Ward.examine(true, first, second), "redis");
    assertThat(troubles(Ward.examine(false, first, second), "redis")).isEmpty();
  }

  @Test
  void aRedisThatKeepsNothingOnDiskIsNamed() {
    redis(first, Command.CONFIG, "SET", "appendonly", "no");
    try {
      trouble(Ward.examine(false, first, second), "redis", "it keeps nothing on disk");
    } finally {
      redis(first, Command.CONFIG, "SET", "appendonly", "yes");
    }
  }

  @Test
  void aRedisThatCannotBeReachedIsNamed() {
    Path file = ward.like(first, "n1", Map.of("redis.url", "redis://127.0.0.1:" + Ports.free()));
    trouble(Ward.examine(false, file), "redis", "Redis cannot be used");
  }

  @Test
  void aQueueThatIsNotCompleteIsNamedAndRebuilt() throws SQLException {
    String asleep = ward.database("asleep", true);
    String url = Ward.config(first).redis().url().reveal().replaceFirst("/0$", "/5");
    Path file = ward.like(first, "n1", Map.of("postgres.database", asleep, "redis.url", url));
    trouble(Ward.examine(false, file), "queue", "not declared complete");
    repaired(Ward.examine(true, file), "queue");
  }

  @Test
  void anInstanceThatIsAwayAndItsUnsealedCredentialAreNamed() {
    on(
        first,
        (_, stores) ->
            stores
                .postgres()
                .query(
                    """
                    insert into instances
                      (id, tenant, url, token, max_concurrency, created_by, created_at)
                    values ('away', 'default', 'ws://127.0.0.1:9', 'plain', 1, 'test', now())
                    """)
                .execute()
                .await());
    trouble(Ward.examine(false, first, second), "instances", "1 credentials are not encrypted");
    repaired(Ward.examine(true, first, second), "instances");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                trouble(
                    Ward.examine(false, first, second),
                    "instances",
                    "instance away of tenant default is down"));
    on(
        first,
        (_, stores) ->
            stores.postgres().query("delete from instances where id = 'away'").execute().await());
  }

  @Test
  void anExpiredCertificateIsNamed() {
    Pem expired = Pem.make(ward.directory(), "expired", "-2y", 30);
    Map<String, Object> tls =
        Map.of(
            "http.certificate", expired.certificate().toString(),
            "http.key", expired.key().toString());
    trouble(Ward.examine(false, ward.like(first, "n1", tls)), "certificates", "has expired");
  }

  @Test
  void anInstanceWithAnExpiredCertificateIsNamed() {
    Pem expired = Pem.make(ward.directory(), "old-instance", "-2y", 30);
    Vertx vertx = Vertx.vertx();
    int port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(expired.certificate().toString())
                            .setKeyPath(expired.key().toString())))
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    on(
        first,
        (_, stores) ->
            stores
                .postgres()
                .preparedQuery(
                    """
                    insert into instances
                      (id, tenant, url, token, max_concurrency, created_by, created_at)
                    values ('old-cert', 'default', $1, 'plain', 1, 'test', now())
                    """)
                .execute(Tuple.of("wss://127.0.0.1:" + port))
                .await());
    try {
      trouble(
          Ward.examine(false, first, second),
          "instance certificates",
          "certificate of instance old-cert has expired");
    } finally {
      on(
          first,
          (_, stores) ->
              stores
                  .postgres()
                  .query("delete from instances where id = 'old-cert'")
                  .execute()
                  .await());
      vertx.close().await();
    }
  }

  @Test
  void aNodeThatOthersCannotReachIsNamed() {
    Path elsewhere =
        ward.like(
            first, "n1", Map.of("cluster.port", Ports.free(), "cluster.busPort", Ports.free()));
    List<Finding> findings = Ward.examine(false, elsewhere);
    trouble(findings, "network", "not at its cluster.port");
    trouble(findings, "network", "not at its cluster.busPort");
    Path alone = ward.like(first, "n1", Map.of("cluster.members", List.of("10.0.0.2:5701")));
    trouble(Ward.examine(false, alone), "network", "at 127.0.0.1 only");
  }

  @Test
  void dangerousSettingsAreNamed() {
    Path file =
        ward.like(
            first,
            "n1",
            Map.of(
                "identity.secret", "change-me-change-me-change-me-change-me",
                "gateway.host", "0.0.0.0",
                "http.trustedProxies", List.of("0.0.0.0/0")));
    List<Finding> findings = Ward.examine(false, file);
    trouble(findings, "settings", "identity.secret can be guessed");
    trouble(findings, "settings", "without TLS");
    trouble(findings, "settings", "http.trustedProxies has everybody in it");
  }

  @Test
  void aNodeWithAnotherSecretIsNamed() {
    Path other =
        ward.like(first, "n1", Map.of("identity.secret", "0f93ae27648b1c5d0f93ae2764e08b1c5d"));
    List<Finding> findings = Ward.examine(false, other);
    trouble(findings, "membership", "node n1 does not say who it sees");
    trouble(findings, "dialects", "no session of the dialect work begins on node n1");
  }

  @Test
  void aClockThatIsWrongIsNamed() {
    Path late = ward.file("n3", 2, Map.of());
    ward.start(late, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(troubles(Ward.examine(false, first, second, late), "clocks"))
                      .anySatisfy(
                          found -> assertThat(found.what()).contains("n3").contains("ms apart")));
    } finally {
      ward.stop("n3");
    }
  }

  @Test
  void aFleetInTwoPartsIsNamed() {
    Path alone = ward.file("n4", 3, Map.of("cluster.name", "elsewhere"));
    ward.start(alone, Clock.systemUTC());
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                List<Finding> findings = Ward.examine(false, first, second, alone);
                trouble(findings, "membership", "node n1 does not see n4");
                trouble(findings, "membership", "node n4 does not see n1, n2");
              });
    } finally {
      ward.stop("n4");
    }
  }

  @Test
  void machinesGetJson() {
    Path absent = ward.file("n9", 3, Map.of());
    JsonObject told = new JsonObject(new Report(Ward.examine(false, first, absent)).json());
    assertThat(told.getBoolean("sound")).isFalse();
    assertThat(told.getJsonArray("findings"))
        .extracting(JsonObject.class::cast)
        .filteredOn(finding -> finding.getString("status").equals("error"))
        .isNotEmpty()
        .allSatisfy(
            finding -> assertThat(finding.fieldNames()).contains("check", "what", "why", "remedy"));
  }

  private static List<Trouble> troubles(List<Finding> findings, String check) {
    return findings.stream()
        .filter(Trouble.class::isInstance)
        .map(Trouble.class::cast)
        .filter(trouble -> trouble.check().equals(check))
        .toList();
  }

  private static void trouble(List<Finding> findings, String check, String words) {
    assertThat(troubles(findings, check))
        .as(new Report(findings).words())
        .anySatisfy(
            trouble -> {
              assertThat(trouble.what()).contains(words);
              assertThat(trouble.why()).isNotBlank();
              assertThat(trouble.remedy()).isNotBlank();
            });
    assertThat(new Report(findings).exitCode()).isNotZero();
  }

  private static void repaired(List<Finding> findings, String check) {
    assertThat(findings)
        .as(new Report(findings).words())
        .anyMatch(finding -> finding instanceof Repaired && finding.check().equals(check));
  }

  private static void redis(Path file, Command command, String... arguments) {
    on(
        file,
        (_, stores) -> {
          Request request = Request.cmd(command);
          List.of(arguments).forEach(request::arg);
          stores.redis().send(request).await();
        });
  }

  private static void on(Path file, BiConsumer<Vertx, Stores> work) {
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, Ward.config(file));
    try {
      work.accept(vertx, stores);
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }
}
