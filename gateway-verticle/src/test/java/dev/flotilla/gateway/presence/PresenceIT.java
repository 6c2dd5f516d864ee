package dev.flotilla.gateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Fact;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog;
import dev.flotilla.presence.Roster;
import dev.flotilla.presence.Roster.Online;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.testkit.StoreProxy;
import dev.flotilla.testkit.TestStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceIT {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");

  /// Comes and goes so that a test knows that everything before has been told.
  private static final UserId FENCE = new UserId("fence");

  private final FleetConfig config =
      TestStores.fresh(
          Map.of("FLOTILLA_PRESENCE_LEASE", "1s", "FLOTILLA_PRESENCE_LINGER", "800ms"));
  private final String url = config.redis().url().reveal();
  private final StoreProxy proxy = new StoreProxy(URI.create(url).getPort());
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, config);
  private final Bus bus = new Bus(vertx, Clock.systemUTC());
  private final EventLog log = new EventLog(stores.postgres(), bus, Clock.systemUTC());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Presence> running = new ArrayList<>();

  @BeforeEach
  void listen() {
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
    listen(ACME);
    listen(GLOBEX);
  }

  private void listen(TenantId tenant) {
    bus.listen(
            Addresses.events(tenant),
            batch ->
                batch
                    .events()
                    .forEach(
                        event -> {
                          assertThat(event.seq()).isNull();
                          Fact.PresenceChanged fact = (Fact.PresenceChanged) event.fact();
                          if (!fact.user().equals(FENCE)) {
                            heard.add(tenant + ":" + fact.user() + ":" + fact.status().wireName());
                          }
                        }))
        .ready()
        .await();
  }

  @AfterEach
  void close() {
    running.forEach(presence -> presence.stop().await());
    vertx.close().await();
    proxy.close();
  }

  private Presence node(String name) {
    return node(name, stores.redis());
  }

  private Presence behindProxy(String name) {
    String redis = url.replaceFirst(":\\d+/", ":" + proxy.port() + "/");
    return node(name, Redis.createClient(vertx, redis));
  }

  private Presence node(String name, Redis redis) {
    Presence presence =
        new Presence(vertx, new Roster(redis), log, new NodeId(name), config.presence(), meters);
    running.add(presence);
    return presence;
  }

  /// Stops without a word.
  private Presence mortal(String name, Vertx itsVertx) {
    return new Presence(
        itsVertx,
        new Roster(Redis.createClient(itsVertx, url)),
        log,
        new NodeId(name),
        config.presence(),
        new SimpleMeterRegistry());
  }

  private List<UserId> online() {
    return new Roster(stores.redis())
        .online(ACME, null, 100).await().stream().map(Online::user).toList();
  }

  private void awaitOnline(UserId... users) {
    await().untilAsserted(() -> assertThat(online()).containsExactly(users));
  }

  private void awaitHeard(String... events) {
    await().untilAsserted(() -> assertThat(heard).containsExactly(events));
  }

  private void fence(Presence presence) {
    presence.arrived(ACME, FENCE);
    await().until(() -> online().contains(FENCE));
    presence.left(ACME, FENCE);
    await().until(() -> !online().contains(FENCE));
  }

  @Test
  void theFirstArrivalAndTheLastLeaveOfTheFleetAreToldOnce() {
    Presence one = node("one");
    Presence two = node("two");
    one.arrived(ACME, ALICE);
    two.arrived(ACME, ALICE);
    one.arrived(ACME, ALICE);
    awaitHeard("acme:alice:online");
    one.left(ACME, ALICE);
    one.left(ACME, ALICE);
    fence(one);
    assertThat(online()).containsExactly(ALICE);
    two.left(ACME, ALICE);
    awaitHeard("acme:alice:online", "acme:alice:offline");
    awaitOnline();
  }

  @Test
  void aReconnectWithinTheLingerIsNotToldWhereverItLands() {
    Presence one = node("one");
    Presence two = node("two");
    one.arrived(ACME, ALICE);
    awaitOnline(ALICE);
    one.left(ACME, ALICE);
    one.arrived(ACME, ALICE);
    one.left(ACME, ALICE);
    two.arrived(ACME, ALICE);
    fence(one);
    fence(two);
    assertThat(heard).containsExactly("acme:alice:online");
  }

  @Test
  void aTenantHearsOfItsOwnUsersOnly() {
    Presence one = node("one");
    one.arrived(GLOBEX, ALICE);
    one.arrived(ACME, BOB);
    await()
        .untilAsserted(
            () ->
                assertThat(heard)
                    .containsExactlyInAnyOrder("globex:alice:online", "acme:bob:online"));
    awaitOnline(BOB);
  }

  @Test
  void usersOfADeadNodeGoOfflineUnlessTheyAreElsewhere() {
    Presence one = node("one");
    Vertx doomed = Vertx.vertx();
    Presence two = mortal("two", doomed);
    one.arrived(ACME, ALICE);
    two.arrived(ACME, ALICE);
    two.arrived(ACME, BOB);
    awaitOnline(ALICE, BOB);
    doomed.close().await();
    awaitOnline(ALICE);
    await().until(() -> heard.contains("acme:bob:offline"));
    assertThat(heard)
        .containsExactlyInAnyOrder("acme:alice:online", "acme:bob:online", "acme:bob:offline");
  }

  @Test
  void aNodeThatStopsLeavesItsUsersTheTimeToComeBack() {
    Presence one = node("one");
    Presence two = node("two");
    two.arrived(ACME, ALICE);
    two.arrived(ACME, BOB);
    awaitOnline(ALICE, BOB);
    two.stop().await();
    one.arrived(ACME, ALICE);
    awaitOnline(ALICE);
    await().until(() -> heard.contains("acme:bob:offline"));
    assertThat(heard).doesNotContain("acme:alice:offline");
    assertThat(heard).filteredOn("acme:alice:online"::equals).hasSize(1);
  }

  @Test
  void aNodeThatStartsAgainKnowsItsUsers() {
    Vertx doomed = Vertx.vertx();
    Presence before = mortal("one", doomed);
    before.arrived(ACME, ALICE);
    before.arrived(ACME, BOB);
    awaitOnline(ALICE, BOB);
    doomed.close().await();
    Presence after = node("one");
    after.arrived(ACME, ALICE);
    awaitOnline(ALICE);
    await().until(() -> heard.contains("acme:bob:offline"));
    assertThat(heard).doesNotContain("acme:alice:offline");
    assertThat(heard).filteredOn("acme:alice:online"::equals).hasSize(1);
  }

  @Test
  void whileRedisIsAwayPresenceRestsAndThenCatchesUp() {
    Presence one = behindProxy("one");
    one.arrived(ACME, ALICE);
    awaitOnline(ALICE);
    proxy.cut();
    await().until(() -> meters.get(MeterNames.PRESENCE_PAUSED).gauge().value() == 1);
    one.left(ACME, ALICE);
    one.arrived(ACME, BOB);
    proxy.restore();
    awaitOnline(BOB);
    await()
        .untilAsserted(
            () ->
                assertThat(heard)
                    .containsExactlyInAnyOrder(
                        "acme:alice:online", "acme:alice:offline", "acme:bob:online"));
  }

  @Test
  void anOutageOfRedisPutsNobodyOffline() {
    Presence one = behindProxy("one");
    Presence two = behindProxy("two");
    one.arrived(ACME, ALICE);
    two.arrived(ACME, BOB);
    awaitOnline(ALICE, BOB);
    proxy.cut();
    // Both leases run out.
    await().until(() -> leasesLeft() == 0);
    proxy.restore();
    await().until(() -> leasesLeft() == 2);
    fence(one);
    fence(two);
    assertThat(heard).containsExactlyInAnyOrder("acme:alice:online", "acme:bob:online");
  }

  private long leasesLeft() {
    return stores
        .redis()
        .send(
            Request.cmd(Command.ZCOUNT)
                .arg("flotilla:{presence}:nodes")
                .arg(System.currentTimeMillis())
                .arg("+inf"))
        .await()
        .toLong();
  }

  @Test
  void whatRedisHasLostIsRebuiltWithoutTellingAnybody() {
    Presence one = node("one");
    Presence two = node("two");
    one.arrived(ACME, ALICE);
    two.arrived(ACME, BOB);
    awaitOnline(ALICE, BOB);
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
    awaitOnline(ALICE, BOB);
    assertThat(heard).containsExactlyInAnyOrder("acme:alice:online", "acme:bob:online");
    one.left(ACME, ALICE);
    await().until(() -> heard.contains("acme:alice:offline"));
  }

  @Test
  void aPageEndsWhereItIsAskedToAndTheNextGoesOn() {
    Presence one = node("one");
    for (String name : List.of("carol", "alice", "bob")) {
      one.arrived(ACME, new UserId(name));
    }
    await().until(() -> online().size() == 3);
    Roster roster = new Roster(stores.redis());
    List<Online> first = roster.online(ACME, null, 2).await();
    assertThat(first).extracting(Online::user).containsExactly(ALICE, BOB);
    assertThat(roster.online(ACME, BOB, 2).await())
        .extracting(Online::user)
        .containsExactly(new UserId("carol"));
    assertThat(Duration.between(first.getFirst().since(), Clock.systemUTC().instant()).abs())
        .isLessThan(Duration.ofMinutes(1));
  }
}
