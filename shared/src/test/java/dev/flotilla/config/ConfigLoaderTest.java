package dev.flotilla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.identity.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  private static final String SECRET = "a secret that only tests use, 32 long";

  @TempDir Path directory;

  @Test
  void defaultsNeedNothingButASecret() throws ConfigException {
    FleetConfig config = load("", Map.of());
    assertThat(config.gateway().port()).isEqualTo(8080);
    assertThat(config.node().id()).isNull();
    assertThat(config.node().roles())
        .containsExactly(NodeRole.GATEWAY, NodeRole.COMMAND, NodeRole.REGISTRY);
    assertThat(config.cluster().silenceLimit()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.cluster().members()).isEmpty();
  }

  @Test
  void theSecretIsRequired() {
    ConfigException wrong =
        catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(null, Map.of()));
    assertThat(wrong.problems()).containsExactly("identity.secret must be set");
  }

  @Test
  void aSecretCanBeInAFileOfItsOwn() throws IOException, ConfigException {
    Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    FleetConfig config =
        ConfigLoader.load(null, Map.of("FLOTILLA_IDENTITY_SECRET_FILE", file.toString()));
    assertThat(config.identity().secret().reveal()).isEqualTo(SECRET);
    ConfigException both =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    null,
                    Map.of(
                        "FLOTILLA_IDENTITY_SECRET_FILE",
                        file.toString(),
                        "FLOTILLA_IDENTITY_SECRET",
                        SECRET,
                        "FLOTILLA_POSTGRES_PASSWORD_FILE",
                        directory + "/absent",
                        "FLOTILLA_GATEWAY_PORT_FILE",
                        file.toString())));
    assertThat(both.problems())
        .containsExactlyInAnyOrder(
            "FLOTILLA_IDENTITY_SECRET and FLOTILLA_IDENTITY_SECRET_FILE are both set",
            "FLOTILLA_POSTGRES_PASSWORD_FILE names " + directory + "/absent, which cannot be read",
            "variable FLOTILLA_GATEWAY_PORT_FILE is not a setting");
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    assertThat(
            problems(
                """
                gateway:
                  port: eighty
                  pingInterval: 30 seconds
                cluster:
                  discovery: gossip
                  nam: typo
                galaxy:
                  far: away
                """,
                Map.of("FLOTILLA_GATEWAY_PROT", "1", "FLOTILLA_POSTGRES_POOL_SIZE", "many")))
        .containsExactlyInAnyOrder(
            "gateway.port must be a whole number",
            "gateway.pingInterval must be a duration such as 500ms, 30s, 5m, 24h or 7d",
            "cluster.discovery must be one of [tcp, multicast, kubernetes]",
            "cluster.nam is not a setting",
            "galaxy is not a setting",
            "variable FLOTILLA_GATEWAY_PROT is not a setting",
            "postgres.poolSize must be a whole number");
  }

  @Test
  void rulesOfSeveralGroupsAreCheckedTogether() throws IOException {
    assertThat(
            problems(
                """
                gateway:
                  pingInterval: 60s
                  pongTimeout: 30s
                command:
                  lease: 3s
                  leaseRenewal: 2s
                """,
                Map.of()))
        .containsExactlyInAnyOrder(
            "gateway.pongTimeout must be longer than gateway.pingInterval",
            "command.lease must be at least three times command.leaseRenewal");
  }

  @Test
  void variablesWinOverTheFile() throws ConfigException, IOException {
    FleetConfig config =
        load(
            "gateway:\n  port: 1111\n  maxQueuedBytes: 9999\ncluster:\n  members: [a:1]\n",
            Map.of(
                "FLOTILLA_GATEWAY_PORT", "2222",
                "FLOTILLA_CLUSTER_MEMBERS", "b:1, c:2",
                "FLOTILLA_NODE_ROLES", "gateway"));
    assertThat(config.gateway().port()).isEqualTo(2222);
    assertThat(config.gateway().maxQueuedBytes()).isEqualTo(9999);
    assertThat(config.cluster().members()).containsExactly("b:1", "c:2");
    assertThat(config.node().roles()).containsExactly(NodeRole.GATEWAY);
  }

  @Test
  void dialectsShareTheirSettingsButNotAllDefaults() throws ConfigException, IOException {
    FleetConfig config =
        load(
            "dialects:\n  dashboard:\n    maxSubscriptions: 7\n",
            Map.of("FLOTILLA_DIALECTS_WORK_USER_RATE", "60"));
    assertThat(config.dialects().dashboard().maxSubscriptions()).isEqualTo(7);
    assertThat(config.dialects().dashboard().idleTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.dialects().chat().idleTimeout()).isZero();
    assertThat(config.dialects().work().userRate()).isEqualTo(60);
    assertThat(config.dialects().work().connectionRate()).isZero();
  }

  /// The figures of the contract, which `/limits` shows.
  @Test
  void whoSetsNoLimitsHasThoseOfTheContract() throws ConfigException {
    FleetConfig.Dialects dialects = load("", Map.of()).dialects();
    for (DialectLimits json : List.of(dialects.control(), dialects.dashboard(), dialects.chat())) {
      assertThat(json.connectionRate()).isEqualTo(20);
      assertThat(json.connectionBurst()).isEqualTo(40);
      assertThat(json.userRate() + json.tenantRate()).isZero();
    }
    for (DialectLimits small : List.of(dialects.dashboard(), dialects.chat(), dialects.work())) {
      assertThat(small.softFrameBytes()).isEqualTo(64 * 1024);
      assertThat(small.hardFrameBytes()).isEqualTo(1024 * 1024);
    }
    assertThat(dialects.control().softFrameBytes()).isEqualTo(1024 * 1024);
    assertThat(dialects.control().hardFrameBytes()).isEqualTo(4 * 1024 * 1024);
    assertThat(dialects.work().userRate()).isEqualTo(100);
    assertThat(dialects.work().tenantRate()).isEqualTo(1000);
    assertThat(dialects.control().maxSubscriptions()).isEqualTo(200);
    assertThat(dialects.dashboard().maxSubscriptions()).isEqualTo(10);
    assertThat(dialects.chat().maxSubscriptions()).isEqualTo(100);
    assertThat(dialects.work().maxSubscriptions()).isEqualTo(500);
    assertThat(dialects.dashboard().noticeInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(dialects.work().noticeInterval()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void ingestRulesMapChannelsToTopics() throws ConfigException {
    String yaml =
        """
        ingest:
          rules:
            - deploys -> acme/custom:deploys
            - ops.*->acme/system
        """;
    assertThat(load(yaml, Map.of()).ingest().routes())
        .containsExactly(
            new IngestRoute("deploys", new TenantId("acme"), Topic.parse("custom:deploys")),
            new IngestRoute("ops.*", new TenantId("acme"), Topic.of(TopicFamily.SYSTEM)));
    FleetConfig config =
        load("", Map.of("FLOTILLA_INGEST_RULES", "a -> acme/alerts, b? -> acme/agents"));
    assertThat(config.ingest().routes())
        .extracting(IngestRoute::isPattern)
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          deploys; 'deploys' must look like 'channel -> tenant/topic'
          deploys -> acme; 'deploys -> acme' must look like 'channel -> tenant/topic'
          a b -> acme/system; 'a b -> acme/system' must look like 'channel -> tenant/topic'
          a -> -acme/system; 'a -> -acme/system': A tenant id has 1 to 128 letters, digits
          a -> acme/weather; 'a -> acme/weather': There is no topic 'weather'.
          a -> acme/tasks; 'a -> acme/tasks' names a topic that only the fleet itself feeds
          a -> acme/system, a -> acme/system; has 'a -> acme/system' twice
          """)
  void anIngestRuleThatCannotWorkIsAProblem(String rules, String problem) throws IOException {
    assertThat(problems("", Map.of("FLOTILLA_INGEST_RULES", rules)))
        .singleElement()
        .asString()
        .startsWith("ingest.rules " + problem);
  }

  @Test
  void someSettingsHaveAVariableByAnotherName() throws ConfigException, IOException {
    FleetConfig.Gateway gateway =
        load(
                "gateway:\n  allowedOrigins: [https://file.example]\n  guestTenant: acme\n",
                Map.of(
                    "WS_ALLOWED_ORIGINS", "https://A.example, https://b.example:8443",
                    "WS_AUTH_REQUIRED", "false",
                    "WS_AUTH_TOKEN", "a static token of length"))
            .gateway();
    assertThat(gateway.allowedOrigins())
        .containsExactly("https://a.example", "https://b.example:8443");
    assertThat(gateway.authRequired()).isFalse();
    assertThat(gateway.authToken()).isNotNull().hasToString("***");
  }

  @Test
  void theOwnNameOfAVariableWinsAndABlankOtherOneIsNotSet() throws ConfigException, IOException {
    FleetConfig.Gateway gateway =
        load(
                "",
                Map.of(
                    "WS_ALLOWED_ORIGINS", "https://other.example",
                    "FLOTILLA_GATEWAY_ALLOWED_ORIGINS", "https://own.example",
                    "WS_AUTH_REQUIRED", " ",
                    "WS_AUTH_TOKEN", ""))
            .gateway();
    assertThat(gateway.allowedOrigins()).containsExactly("https://own.example");
    assertThat(gateway.authRequired()).isTrue();
    assertThat(gateway.authToken()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "127.8.9.10", "localhost", "::1"})
  void guestsMayComeInWithoutACredentialOnLoopback(String host) throws Exception {
    Map<String, String> open =
        Map.of("WS_AUTH_REQUIRED", "false", "FLOTILLA_GATEWAY_GUEST_TENANT", "acme");
    FleetConfig config = load("gateway:\n  host: '" + host + "'\n", open);
    assertThat(config.gateway().authRequired()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "10.0.0.1", "localhost.example", "::"})
  void guestsMayNotComeInFromElsewhere(String host) throws IOException {
    Map<String, String> open =
        Map.of("WS_AUTH_REQUIRED", "false", "FLOTILLA_GATEWAY_GUEST_TENANT", "acme");
    assertThat(problems("gateway:\n  host: '" + host + "'\n", open))
        .containsExactly(
            "gateway.authRequired may be false only where gateway.host is loopback, and it is "
                + host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WS_AUTH_REQUIRED=false | gateway.guestTenant must be set where",
        "WS_AUTH_TOKEN=0123456789abcdef | gateway.guestTenant must be set where",
        "WS_AUTH_TOKEN=short | gateway.authToken must have at least 16 characters",
        "WS_AUTH_REQUIRED=perhaps | gateway.authRequired must be true or false",
        "FLOTILLA_GATEWAY_GUEST_TENANT=a b | gateway.guestTenant must be a tenant's id",
        "WS_ALLOWED_ORIGINS=ops.example.com | gateway.allowedOrigins must hold origins",
        "WS_ALLOWED_ORIGINS=https://a.example/ | gateway.allowedOrigins must hold origins",
        "FLOTILLA_GATEWAY_SESSION_COOKIE=a;b | gateway.sessionCookie must be a cookie's name",
        "FLOTILLA_GATEWAY_TICKET_LIFETIME=1h | gateway.ticketLifetime must be 1s to 10m",
        "FLOTILLA_IDENTITY_JWKS_URL=http://keys.example | identity.jwks.url must be https",
        "FLOTILLA_IDENTITY_JWKS_FILE=keys.json | identity.jwks.issuer must be set with",
        "FLOTILLA_IDENTITY_JWKS_ALGORITHMS=HS256 | identity.jwks.algorithms must be some of",
        "FLOTILLA_IDENTITY_JWKS_LEEWAY=1h | identity.jwks.leeway must be 0s to 5m",
        "FLOTILLA_IDENTITY_RETIRED_SECRETS=short | identity.retiredSecrets must have at least 32",
        "FLOTILLA_IDENTITY_OIDC_ISSUER=http://id.example | identity.oidc.issuer must be a URL",
        "FLOTILLA_IDENTITY_OIDC_ISSUER=https://id.example | identity.oidc.clientId must be set",
        "FLOTILLA_IDENTITY_OIDC_ROLES=ops=emperor | identity.oidc.roles must hold claim=role",
        "FLOTILLA_ACCOUNTS_MAX_SESSIONS=0 | accounts.maxSessions must be 1 to 1000",
        "FLOTILLA_GATEWAY_MAX_UNADMITTED=0 | gateway.maxUnadmitted must be at least 1"
      })
  void accessThatMakesNoSenseIsAProblem(String variable, String problem) throws IOException {
    int equals = variable.indexOf('=');
    Map<String, String> variables =
        Map.of(variable.substring(0, equals), variable.substring(equals + 1));
    assertThat(problems("", variables)).singleElement().asString().startsWith(problem);
  }

  @Test
  void guestsWithoutACredentialAndPagesOfEveryOriginDoNotGoTogether() throws IOException {
    assertThat(
            problems(
                "",
                Map.of(
                    "WS_AUTH_REQUIRED", "false",
                    "WS_ALLOWED_ORIGINS", "*",
                    "FLOTILLA_GATEWAY_GUEST_TENANT", "acme")))
        .singleElement()
        .asString()
        .startsWith("gateway.authRequired may not be false where gateway.allowedOrigins is '*'");
  }

  @ParameterizedTest
  @CsvSource({"250ms,250", "30s,30000", "5m,300000", "2h,7200000", "1d,86400000"})
  void durationsAreWrittenWithTheirUnit(String text, long millis) {
    assertThat(ConfigLoader.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void aKeyAndItsVariableHaveTheSameWords() {
    assertThat(ConfigLoader.variable("gateway.maxFrameBytesBeforeConnect"))
        .isEqualTo("FLOTILLA_GATEWAY_MAX_FRAME_BYTES_BEFORE_CONNECT");
  }

  @Test
  void onAndOffAreWords() throws ConfigException, IOException {
    assertThat(load("gateway: {compression: on}", Map.of()).gateway().compression())
        .isEqualTo(FleetConfig.Compression.ON);
    assertThat(load("gateway: {compression: 'off'}", Map.of()).gateway().compression())
        .isEqualTo(FleetConfig.Compression.OFF);
    assertThat(load("", Map.of("FLOTILLA_GATEWAY_COMPRESSION", "ON")).gateway().compression())
        .isEqualTo(FleetConfig.Compression.ON);
  }

  @Test
  void secretsAreNeverPrinted() throws ConfigException, IOException {
    FleetConfig config =
        load(
            "",
            Map.of("FLOTILLA_POSTGRES_PASSWORD", "hunter2", "FLOTILLA_REDIS_URL", "redis://:p@h"));
    assertThat(config.toString())
        .contains("***")
        .doesNotContain(SECRET)
        .doesNotContain("hunter2")
        .doesNotContain("redis://:p@h");
  }

  @Test
  void aBrokenSecretIsNotInItsProblem() {
    ConfigException wrong =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.load(null, Map.of("FLOTILLA_IDENTITY_SECRET", "hunter2")));
    assertThat(wrong.problems())
        .containsExactly("identity.secret must have at least 32 characters");
    assertThat(wrong).hasMessageNotContaining("hunter2");
  }

  @Test
  void aFileThatIsNotYamlIsOneProblem() throws IOException {
    assertThat(problems("a: [b", Map.of()))
        .singleElement()
        .asString()
        .contains("is not valid YAML");
  }

  @Test
  void aFileThatIsMissingIsOneProblem() {
    ConfigException wrong =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.load(directory.resolve("absent.yaml"), Map.of()));
    assertThat(wrong.problems()).singleElement().asString().contains("absent.yaml");
  }

  private FleetConfig load(String yaml, Map<String, String> variables) throws ConfigException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("FLOTILLA_IDENTITY_SECRET", SECRET);
    environment.put("PATH", "/bin");
    try {
      Path file = directory.resolve("node.yaml");
      Files.writeString(file, yaml);
      return ConfigLoader.load(file, environment);
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private List<String> problems(String yaml, Map<String, String> variables) throws IOException {
    return catchThrowableOfType(ConfigException.class, () -> load(yaml, variables)).problems();
  }
}
