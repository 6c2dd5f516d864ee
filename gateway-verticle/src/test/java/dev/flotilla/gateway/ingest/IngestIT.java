package dev.flotilla.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Fact;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.testkit.StoreProxy;
import dev.flotilla.testkit.TestStores;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Channels are not per database in Redis, so every test has names of its own.
class IngestIT {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final String prefix = "ingest-" + NEXT.incrementAndGet() + ".";
  private final FleetConfig direct = TestStores.fresh();
  private final String url = direct.redis().url().reveal();
  private final StoreProxy proxy = new StoreProxy(URI.create(url).getPort());
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, direct);
  private final Bus bus = new Bus(vertx, Clock.systemUTC());
  private final EventLog log = new EventLog(stores.postgres(), bus, Clock.systemUTC());
  private final ShiftingMembership fleet = new ShiftingMembership();
  private final List<SimpleMeterRegistry> meters = new ArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() {
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      bus.listen(
              Addresses.events(tenant),
              batch ->
                  batch
                      .events()
                      .forEach(
                          event -> {
                            Fact.Custom fact = (Fact.Custom) event.fact();
                            heard.add(tenant + "/" + fact.topic() + " " + fact.content().text());
                          }))
          .ready()
          .await();
    }
  }

  @AfterEach
  void close() {
    vertx.close().await();
    proxy.close();
  }

  /// A node that hears by the rules, which are told without the test's prefix.
  private String node(String name, String... rules) {
    return node(name, url, Map.of(), rules);
  }

  private String node(String name, String redis, Map<String, String> settings, String... rules) {
    Membership membership = fleet.join(name, NodeRole.GATEWAY);
    Map<String, String> all = new HashMap<>(settings);
    all.put("FLOTILLA_INGEST_RULES", prefix + String.join("," + prefix, rules));
    all.put("FLOTILLA_REDIS_URL", redis);
    all.putIfAbsent("FLOTILLA_INGEST_RECONNECT_MIN", "10ms");
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    meters.add(registry);
    String deployment =
        vertx
            .deployVerticle(new IngestVerticle(TestStores.fresh(all), membership, log, registry))
            .await();
    await().until(() -> subscribed(meters.size() - 1));
    return deployment;
  }

  private boolean subscribed(int node) {
    return meters.get(node).get(MeterNames.INGEST_SUBSCRIBED).gauge().value() == 1;
  }

  private double count(String meter, String outcome) {
    return meters.stream()
        .flatMap(node -> node.find(meter).tag("outcome", outcome).counters().stream())
        .mapToDouble(Counter::count)
        .sum();
  }

  private void publish(String channel, String message) {
    publish(channel, Buffer.buffer(message));
  }

  private void publish(String channel, Buffer message) {
    stores.redis().send(Request.cmd(Command.PUBLISH).arg(prefix + channel).arg(message)).await();
  }

  private void awaitHeard(String... events) {
    await().untilAsserted(() -> assertThat(heard).containsExactly(events));
  }

  @Test
  void aMessageLandsOnEveryTopicThatItsChannelIsMappedTo() {
    node("one", "fleet -> acme/agents", "fleet -> acme/system");
    publish("fleet", "{\"agent\":\"a-1\", \"up\":true}");
    awaitHeard(
        "acme/agents {\"agent\":\"a-1\",\"up\":true}",
        "acme/system {\"agent\":\"a-1\",\"up\":true}");
  }

  @Test
  void aPatternHearsEveryChannelThatItMatches() {
    node("one", "ops.* -> acme/alerts", "deploys -> globex/custom:deploys");
    publish("ops.disk", "{\"full\":1}");
    publish("ops.cpu", "{\"hot\":2}");
    publish("other", "{\"x\":3}");
    publish("deploys", "{\"version\":4}");
    await()
        .untilAsserted(
            () ->
                assertThat(heard)
                    .containsExactlyInAnyOrder(
                        "acme/alerts {\"full\":1}",
                        "acme/alerts {\"hot\":2}",
                        "globex/custom:deploys {\"version\":4}"));
  }

  @Test
  void ofTwoNodesOnlyOnePublishesAndTheOtherTakesOver() {
    node("one", "ops.* -> acme/system");
    String two = node("two", "ops.* -> acme/system");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      publish("ops." + i, "{\"n\":" + i + "}");
      expected.add("acme/system {\"n\":" + i + "}");
    }
    await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(expected));
    assertThat(meters)
        .allSatisfy(
            node ->
                assertThat(
                        node.get(MeterNames.INGEST_MESSAGES)
                            .tag("outcome", "published")
                            .counter()
                            .count())
                    .isPositive());
    vertx.undeploy(two).await();
    fleet.leave("two");
    heard.clear();
    for (int i = 0; i < 40; i++) {
      publish("ops." + i, "{\"n\":" + i + "}");
    }
    await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void whatIsNotOneJsonObjectIsCountedAndSkipped() {
    node("one", url, Map.of("FLOTILLA_INGEST_MAX_MESSAGE_BYTES", "100"), "a -> acme/system");
    publish("a", "not json");
    publish("a", "[1]");
    publish("a", "{\"a\":1} {\"b\":2}");
    publish("a", "{\"a\":1,\"a\":2}");
    publish("a", "{\"long\":\"" + "x".repeat(100) + "\"}");
    publish("a", Buffer.buffer(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));
    publish("a", "");
    publish("a", "{\"good\":1}");
    awaitHeard("acme/system {\"good\":1}");
    assertThat(count(MeterNames.INGEST_MESSAGES, "poisonous")).isEqualTo(7);
    assertThat(count(MeterNames.INGEST_MESSAGES, "published")).isEqualTo(1);
  }

  @Test
  void afterAnOutageItHearsAgain() {
    String redis = url.replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    node("one", redis, Map.of(), "a -> acme/system", "b* -> acme/system");
    proxy.cut();
    await().until(() -> !subscribed(0) && count(MeterNames.INGEST_CONNECTS, "failed") >= 3);
    proxy.restore();
    await().until(() -> subscribed(0));
    publish("a", "{\"back\":1}");
    publish("b2", "{\"back\":2}");
    awaitHeard("acme/system {\"back\":1}", "acme/system {\"back\":2}");
    assertThat(count(MeterNames.INGEST_CONNECTS, "ok")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aNodeStartsWithoutRedisAndHearsWhenItComes() {
    String redis = url.replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    proxy.cut();
    Membership membership = fleet.join("one", NodeRole.GATEWAY);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    meters.add(registry);
    FleetConfig config =
        TestStores.fresh(
            Map.of(
                "FLOTILLA_INGEST_RULES",
                prefix + "a -> acme/system",
                "FLOTILLA_INGEST_RECONNECT_MIN",
                "10ms",
                "FLOTILLA_REDIS_URL",
                redis));
    vertx.deployVerticle(new IngestVerticle(config, membership, log, registry)).await();
    proxy.restore();
    await().until(() -> subscribed(0));
    publish("a", "{\"first\":1}");
    awaitHeard("acme/system {\"first\":1}");
  }

  @Test
  void aConnectionThatRedisKillsIsReplaced() {
    node("one", "a -> acme/system");
    Redis admin = stores.redis();
    admin.send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub")).await();
    await().until(() -> count(MeterNames.INGEST_CONNECTS, "ok") >= 2 && subscribed(0));
    publish("a", "{\"back\":1}");
    awaitHeard("acme/system {\"back\":1}");
  }

  @Test
  void aConnectionThatFallsSilentIsReplaced() {
    String redis = url.replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    node("one", redis, Map.of(), "a -> acme/system");
    proxy.freeze();
    await().until(() -> !subscribed(0));
    proxy.cut();
    proxy.restore();
    await().until(() -> subscribed(0));
    publish("a", "{\"back\":1}");
    awaitHeard("acme/system {\"back\":1}");
  }

  @Test
  void aFloodIsCutToTheRateAndCounted() {
    node("one", url, Map.of("FLOTILLA_INGEST_MAX_RATE", "10"), "a -> acme/system");
    List<Request> flood = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      flood.add(Request.cmd(Command.PUBLISH).arg(prefix + "a").arg("{\"n\":" + i + "}"));
    }
    long start = System.nanoTime();
    stores.redis().batch(flood).await();
    await()
        .untilAsserted(
            () ->
                assertThat(
                        count(MeterNames.INGEST_MESSAGES, "dropped")
                            + count(MeterNames.INGEST_MESSAGES, "published"))
                    .isEqualTo(1_000));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(count(MeterNames.INGEST_MESSAGES, "published"))
        .isBetween(10.0, 10 + 10 * seconds + 1);
    await()
        .untilAsserted(
            () -> assertThat(heard).hasSize((int) count(MeterNames.INGEST_MESSAGES, "published")));
  }
}
