package dev.flotilla.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Sealing;
import dev.flotilla.credential.Vault;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.registry.drill.FakeInstance;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialsIT {
  private final FakeInstance instance = FakeInstance.start("a-token");
  private final RegistryNode node = new RegistryNode(Map.of());

  @AfterEach
  void close() {
    node.close();
    instance.close();
  }

  private String sealed(Vault vault, String token) {
    return vault.seal(new Secret(token), Label.token(RegistryNode.ACME, new InstanceId("i-1")));
  }

  private void change(String sealed) {
    node.sql("update instances set credential = $1, token = null, revision = revision + 1", sealed);
  }

  private RunState ask(RunOrder order) {
    return node.bus.ask(Addresses.run(RegistryNode.NODE), order, RegistryNode.PATIENCE).await();
  }

  private static RunOrder order(boolean mayExist) {
    return new RunOrder(
        new TaskId("t-1"),
        RegistryNode.ACME,
        new InstanceId("i-1"),
        1,
        "run-1",
        null,
        "task-t-1",
        "[[slow:40:40]]",
        mayExist,
        30_000,
        RegistryNode.NODE,
        null);
  }

  @Test
  void aSealedCredentialOpensTheInstance() {
    node.register("i-1", instance.url(), instance.token());
    node.awaitState("i-1", InstanceState.READY);
    Vault vault = new Vault(node.config.credentials());
    assertThat(new Sealing(node.stores.postgres(), vault).complete().await().changed())
        .isEqualTo(1);
    instance.closeAll(1012, "service restart");
    await().until(() -> instance.connections() == 1);
    node.awaitState("i-1", InstanceState.READY);
  }

  @Test
  void whatNoKeyOpensIsDownWithTheReasonUntilTheCredentialIsSetAnew() {
    Vault lost = new Vault(new FleetConfig.Credentials(new Secret("c".repeat(64)), List.of()));
    node.register("i-1", instance.url(), "x");
    change(sealed(lost, instance.token()));
    await()
        .untilAsserted(
            () ->
                assertThat(node.awaitState("i-1", InstanceState.DOWN).reason())
                    .contains("which is not configured here"));
    assertThat(ask(order(false))).isInstanceOf(RunState.Refused.class);
    change(sealed(new Vault(node.config.credentials()), instance.token()));
    node.awaitState("i-1", InstanceState.READY);
  }

  @Test
  void withARevokedCredentialTheLinkIsClosedAndSaysWhatItNeedsUntilItHasIt() {
    Vault vault = new Vault(node.config.credentials());
    node.register("i-1", instance.url(), instance.token());
    node.awaitState("i-1", InstanceState.READY);
    change(sealed(vault, ""));
    InstanceReport revoked = node.awaitState("i-1", InstanceState.DOWN);
    assertThat(revoked.reason()).contains("was revoked", "token");
    LinkView link = Objects.requireNonNull(revoked.link());
    assertThat(link.status()).isEqualTo(LinkStatus.CREDENTIAL_REQUIRED);
    assertThat(link.action()).contains("/registry/instances/i-1");
    await().atMost(RegistryNode.PATIENCE).until(() -> instance.connections() == 0);
    assertThat(ask(order(false))).isInstanceOf(RunState.Refused.class);
    assertThat(ask(order(true))).isInstanceOf(RunState.Unreachable.class);
    change(sealed(vault, instance.token()));
    node.awaitState("i-1", InstanceState.READY);
  }

  @Test
  void aRunSurvivesTheChangeOfItsInstancesToken() {
    Vault vault = new Vault(node.config.credentials());
    node.register("i-1", instance.url(), instance.token());
    node.awaitState("i-1", InstanceState.READY);
    RunOrder order = order(false);
    assertThat(ask(order)).isInstanceOf(RunState.Going.class);
    await().until(() -> instance.accepted(order.runId()));
    instance.token("another-token");
    change(sealed(vault, "another-token"));
    // The holder of the lease asks again and again, as it does whatever happens.
    await()
        .atMost(RegistryNode.PATIENCE)
        .until(() -> ask(order(true)) instanceof RunState.Succeeded);
    assertThat(instance.executions(order.prompt())).isEqualTo(1);
    assertThat(instance.connections()).isEqualTo(1);
  }
}
