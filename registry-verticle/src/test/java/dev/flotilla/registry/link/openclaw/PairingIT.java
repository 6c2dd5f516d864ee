package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.egress.Egress;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.link.Endpoint;
import dev.flotilla.testkit.Patience;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an instance on another host asks for, and what a test of a connection says of it.
class PairingIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final List<String> SCOPES =
      List.of("operator.read", "operator.write", "operator.approvals", "operator.admin");

  private final FakeInstance instance = FakeInstance.start("a-token");
  private final Secret deviceKey = DeviceKeys.generate();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    instance.close();
  }

  private LinkBench link(@Nullable Secret key) {
    LinkBench bench = LinkBench.to(instance.url(), instance.token(), key);
    open.add(bench);
    return bench;
  }

  private InstanceTested test(URI url, String token, @Nullable Secret key) {
    return test(url, token, key, LinkBench.EGRESS);
  }

  private InstanceTested test(URI url, String token, @Nullable Secret key, Egress egress) {
    Vertx vertx = Vertx.vertx();
    open.add(() -> vertx.close().await());
    return new Probe(vertx, egress, "n-1", SCOPES, Duration.ofSeconds(10))
        .test(new Endpoint(new InstanceId("i-1"), url, new Secret(token), key))
        .await();
  }

  private static String requestId(LinkView view) {
    return String.valueOf(view.action()).replace("openclaw devices approve ", "");
  }

  @Test
  void overLoopbackADeviceIsProvenAndNothingIsAsked() {
    LinkBench bench = link(deviceKey);
    bench.awaitState(InstanceState.READY);
    assertThat(bench.observation().link()).isEqualTo(LinkView.of(LinkStatus.CONNECTED));
  }

  @Test
  void aRemoteInstanceNamesTheCommandAndTheLinkGoesOnByItself() {
    instance.door().remote(true);
    LinkBench bench = link(deviceKey);
    await()
        .atMost(PATIENCE)
        .until(() -> bench.observation().link().status() == LinkStatus.PAIRING_REQUIRED);
    assertThat(bench.observation().state()).isEqualTo(InstanceState.DOWN);
    LinkView asked = bench.observation().link();
    assertThat(bench.observation().reason()).contains(String.valueOf(asked.action()));
    await().atMost(PATIENCE).until(() -> pairings(bench) >= 2);
    assertThat(bench.observation().link()).isEqualTo(asked);
    assertThat(instance.door().approve(requestId(asked))).isTrue();
    bench.awaitState(InstanceState.READY);
    RunOrder order = LinkBench.order("from afar");
    bench.ensure(order);
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
  }

  private static long pairings(LinkBench bench) {
    return bench.connects.stream().filter(ConnectOutcome.PAIRING::equals).count();
  }

  @Test
  void aRevokedDeviceIsAskedForAgain() {
    instance.door().remote(true);
    LinkBench bench = link(deviceKey);
    await().atMost(PATIENCE).until(() -> pairings(bench) >= 1);
    instance.door().approve(requestId(bench.observation().link()));
    bench.awaitState(InstanceState.READY);
    instance.door().revoke();
    instance.closeAll(4001, "client invalidated");
    await()
        .atMost(PATIENCE)
        .until(() -> bench.observation().link().status() == LinkStatus.PAIRING_REQUIRED);
  }

  @Test
  void withoutADeviceARemoteInstanceGrantsNothingAndThatIsSaid() {
    instance.door().remote(true);
    LinkBench bench = link(null);
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().reason()).contains("another host");
    assertThat(bench.observation().link().status()).isEqualTo(LinkStatus.REFUSED);
  }

  @Test
  void aLockoutIsToldAndNobodyKnocksMeanwhile() {
    instance.door().lockOut(200_000);
    LinkBench bench = link(deviceKey);
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().link().status()).isEqualTo(LinkStatus.LOCKED_OUT);
    assertThat(bench.connects).containsExactly(ConnectOutcome.REFUSED);
  }

  @Test
  void noConnectionIsMadeToWhereNoneMayGoByAddressOrByName() {
    Egress nowhere =
        Egress.toInstances(
            new FleetConfig.Egress(List.of("127.0.0.0/8", "::1/128"), List.of(), List.of()));
    for (String host : List.of("127.0.0.1", "localhost")) {
      URI url = URI.create("ws://" + host + ":" + instance.port());
      assertThat(test(url, instance.token(), null, nowhere).message()).contains("egress.deny");
    }
  }

  @Test
  void aTestSaysWhatHappenedInWords() {
    InstanceTested good = test(instance.url(), instance.token(), null);
    assertThat(good.ok()).isTrue();
    assertThat(good.version()).isEqualTo("fake");
    assertThat(good.scopes()).containsExactlyElementsOf(SCOPES);
    InstanceTested wrong = test(instance.url(), "not-the-token", null);
    assertThat(wrong.ok()).isFalse();
    assertThat(wrong.message()).contains("token");
    assertThat(wrong.status()).isEqualTo(LinkStatus.REFUSED);
    InstanceTested nobody = test(URI.create("ws://127.0.0.1:1"), "x", null);
    assertThat(nobody.status()).isEqualTo(LinkStatus.UNREACHABLE);
    assertThat(nobody.message()).isEqualTo("nobody listens there");
    instance.door().remote(true);
    InstanceTested unknown = test(instance.url(), instance.token(), deviceKey);
    assertThat(unknown.status()).isEqualTo(LinkStatus.PAIRING_REQUIRED);
    assertThat(unknown.action()).startsWith("openclaw devices approve ");
    assertThat(test(instance.url(), instance.token(), null).message()).contains("another host");
    instance.protocol(5);
    assertThat(test(instance.url(), instance.token(), null).status())
        .isEqualTo(LinkStatus.INCOMPATIBLE);
    await().until(() -> instance.connections() == 0);
  }
}
