package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.command.instance.declared.DeclaredInstances;
import dev.flotilla.command.instance.declared.InstancesFile;
import dev.flotilla.command.instance.declared.Reload;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredInstancesIT {
  private static final String TWO =
      """
      tenant: acme
      instances:
        - id: eu-1
          url: ws://127.0.0.1:18789
          tokenEnv: EU_TOKEN
          region: eu
          capabilities: [browser]
        - id: eu-2
          url: wss://two.example.com
          token: a-token
          maxConcurrency: 8
      """;

  private final CommandFleet fleet = CommandFleet.of("n1");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger rings = new AtomicInteger();
  private final Vault vault = new Vault(fleet.config.credentials());
  private final DeclaredInstances declared =
      new DeclaredInstances(
          new Transactions(fleet.stores.postgres(), fleet.log, Duration.ofSeconds(10)),
          vault,
          fleet.clock,
          rings::incrementAndGet);

  @TempDir Path directory;

  @AfterEach
  void stop() {
    fleet.close();
  }

  private InstancesFile file(String yaml) throws IOException, InstancesFile.Unusable {
    Path file = directory.resolve("instances.yaml");
    Files.writeString(file, yaml);
    return InstancesFile.read(file, Map.of("EU_TOKEN", "from-outside"));
  }

  private List<String> apply(String yaml) throws IOException, InstancesFile.Unusable {
    return declared.apply(file(yaml)).lines();
  }

  private String token(String id) {
    String sealed =
        fleet.row("select credential from instances where id = $1", id).getString("credential");
    return vault.open(sealed, Label.token(new TenantId("acme"), new InstanceId(id))).reveal();
  }

  private long count() {
    return fleet.row("select count(*) as n from instances").getLong("n");
  }

  private List<String> told() {
    return fleet.log.read(new TenantId("acme"), 0, Long.MAX_VALUE, 1000).await().stream()
        .map(event -> (Fact.InstanceChanged) event.fact())
        .map(fact -> fact.change().wireName() + " " + fact.id())
        .toList();
  }

  @Test
  void whatTheFileWantsIsShownFirstThenDoneAndDoneOnce() throws Exception {
    List<String> expected =
        List.of(
            "+ eu-1  ws://127.0.0.1:18789 (tenant acme)",
            "+ eu-2  wss://two.example.com (tenant acme)");
    assertThat(declared.plan(file(TWO)).lines()).isEqualTo(expected);
    assertThat(count()).isZero();
    assertThat(apply(TWO)).isEqualTo(expected);
    assertThat(token("eu-1")).isEqualTo("from-outside");
    assertThat(rings).hasValue(1);
    assertThat(apply(TWO)).isEmpty();
    assertThat(told()).containsExactly("registered eu-1", "registered eu-2");
  }

  @Test
  void aChangeIsToldFieldByFieldAndNeverWithAToken() throws Exception {
    apply(TWO);
    String changed =
        TWO.replace("region: eu", "zone: b\n    labels: [gpu]\n    weight: 10")
            .replace("a-token", "another")
            .replace(": 8", ": 9");
    assertThat(apply(changed))
        .containsExactly(
            "~ eu-1  region eu -> none, zone none -> b, labels [] -> [gpu], weight 100 -> 10",
            "~ eu-2  maxConcurrency 8 -> 9, token");
    assertThat(token("eu-2")).isEqualTo("another");
    assertThat(fleet.row("select revision from instances where id = 'eu-2'").getLong("revision"))
        .isEqualTo(2);
    assertThat(told()).endsWith("updated eu-1", "updated eu-2");
  }

  @Test
  void whatIsNoLongerDeclaredGoesOnlyIfTheFilePrunes() throws Exception {
    apply(TWO);
    fleet.ask(
        CommandFleet.ALICE,
        CommandKind.INSTANCE_REGISTER,
        Map.of("id", "by-hand", "url", "ws://127.0.0.1:1", "token", "t"),
        Ids.next(fleet.clock),
        InstanceView.class);
    String empty = "tenant: acme\ninstances: []\n";
    assertThat(apply(empty)).hasSize(2).allMatch(line -> line.contains("stays"));
    assertThat(count()).isEqualTo(3);
    assertThat(apply("prune: true\n" + empty)).containsExactly("- eu-1", "- eu-2");
    assertThat(fleet.row("select id from instances").getString("id")).isEqualTo("by-hand");
  }

  @Test
  void whereOneThingCannotBeDoneNothingIs() throws Exception {
    fleet.ask(
        CommandFleet.principal("other", "bob", Role.ADMIN),
        CommandKind.INSTANCE_REGISTER,
        Map.of("id", "eu-2", "url", "ws://127.0.0.1:1", "token", "t"),
        Ids.next(fleet.clock),
        InstanceView.class);
    DeclaredInstances.Outcome outcome = declared.apply(file(TWO));
    assertThat(outcome.refused()).isTrue();
    assertThat(outcome.lines()).anyMatch(line -> line.startsWith("! eu-2"));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void everythingThatIsWrongWithAFileIsNamedAtOnceWithoutATokenInIt() {
    String bad =
        """
        tenant: acme
        owner: x
        instances:
          - id: a
            url: http://h
            token: hush-hush
          - id: b
            url: ws://h
          - id: c
            url: ws://h
            tokenEnv: MISSING
            maxConcurrency: 0
            colour: red
          - url: ws://h
        """;
    assertThatThrownBy(() -> file(bad))
        .isInstanceOf(InstancesFile.Unusable.class)
        .hasMessageContaining("'owner'")
        .hasMessageContaining("'a': url must begin")
        .hasMessageContaining("'b': give exactly one")
        .hasMessageContaining("'c': tokenEnv does not lead to a token")
        .hasMessageContaining("1 to 1000")
        .hasMessageContaining("'colour'")
        .hasMessageContaining("must have an id")
        .hasMessageNotContaining("hush");
  }

  private Reload reload(String yaml) throws IOException {
    Path file = directory.resolve("instances.yaml");
    Files.writeString(file, yaml);
    return new Reload(declared, file, Map.of("EU_TOKEN", "from-outside"), meters);
  }

  @Test
  void aChangedFileIsAppliedAndABrokenOneChangesNothing() throws Exception {
    Reload reload = reload(TWO);
    reload.begin();
    reload.look();
    assertThat(rings).hasValue(1);
    file(TWO.replace(": 8", ": 9"));
    reload.look();
    assertThat(concurrency("eu-2")).isEqualTo(9);
    Files.writeString(directory.resolve("instances.yaml"), "instances: [");
    reload.look();
    reload.look();
    assertThat(refusals()).isEqualTo(1);
    assertThat(concurrency("eu-2")).isEqualTo(9);
    file(TWO);
    reload.look();
    assertThat(concurrency("eu-2")).isEqualTo(8);
  }

  private int concurrency(String id) {
    return fleet
        .row("select max_concurrency as n from instances where id = $1", id)
        .getInteger("n");
  }

  private double refusals() {
    return meters.counter("flotilla.instances.files", "outcome", "refused").count();
  }

  @Test
  void aTokenFileIsPartOfTheFile() throws Exception {
    Files.writeString(directory.resolve("two.token"), "first");
    Reload reload = reload(TWO.replace("token: a-token", "tokenFile: two.token"));
    reload.begin();
    Files.writeString(directory.resolve("two.token"), "second");
    reload.look();
    assertThat(token("eu-2")).isEqualTo("second");
  }

  @Test
  void aNewUrlWaitsUntilNothingRunsBehindTheOldOne() throws Exception {
    Reload reload = reload(TWO);
    reload.begin();
    fleet.row(
        "insert into tasks (id, tenant, state, priority, prompt, timeout_ms, max_attempts, run_id,"
            + " run_instance, created_by, created_at, updated_at) values ('t-1', 'acme',"
            + " 'running', 'medium', 'x', 1000, 3, 't-1.1', 'eu-2', 'alice', now(), now())"
            + " returning id");
    file(TWO.replace("two.example.com", "three.example.com").replace("region: eu", "region: us"));
    reload.look();
    assertThat(url("eu-2")).isEqualTo("wss://two.example.com");
    assertThat(fleet.row("select region from instances where id = 'eu-1'").getString("region"))
        .isEqualTo("us");
    fleet.row("update tasks set state = 'succeeded', finished_at = now() returning id");
    reload.look();
    assertThat(url("eu-2")).isEqualTo("wss://three.example.com");
  }

  private String url(String id) {
    return fleet.row("select url from instances where id = $1", id).getString("url");
  }

  @Test
  void aMissingOrBrokenFileStopsTheStart() throws Exception {
    Reload broken = reload("instances: [");
    assertThatThrownBy(broken::begin).hasMessageContaining("YAML");
    Files.delete(directory.resolve("instances.yaml"));
    assertThatThrownBy(broken::begin).hasMessageContaining("instances.yaml");
  }
}
