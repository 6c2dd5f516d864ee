package dev.flotilla.registry.routing;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.dispatch.Condition;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.instance.Credentials;
import dev.flotilla.registry.instance.Desired;
import dev.flotilla.registry.instance.Instance;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Measures the router's decisions over a made-up fleet: three regions, a few capabilities, some
/// instances of other weights, some that are down, ejected or draining. Each decision is timed by
/// itself, in one thread.
public final class RouteDrill {
  private static final TenantId TENANT = new TenantId("drill");
  private static final NodeId NODE = new NodeId("drill");
  private static final List<String> REGIONS = List.of("eu", "us", "ap");
  private static final int SLOTS = 8;

  private final Router router = new Router(new Rules(30, Duration.ofSeconds(30)));
  private final Random random = new Random(7);
  private final Pool pool;
  private long candidates;

  /// What was measured, in nanoseconds.
  public record Done(long median, long p99, long p999, double perSecond) {}

  public RouteDrill(int instances) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      places.add(place(i));
    }
    pool = Pool.of(TENANT, places);
  }

  private Place place(int number) {
    InstanceId id = new InstanceId("instance-" + number);
    Desired desired =
        new Desired(
            REGIONS.get(number % REGIONS.size()),
            "zone-" + number % 9,
            number % 5 == 0 ? Set.of("gpu=a100") : Set.of(),
            number % 10 == 0 ? 10 : 100,
            number % 50 == 0 ? InstanceWish.DRAIN : InstanceWish.SERVE,
            null,
            null);
    InstanceState state =
        switch (number % 40) {
          case 1 -> InstanceState.DOWN;
          case 2 -> InstanceState.EJECTED;
          default -> InstanceState.READY;
        };
    int slots = state == InstanceState.READY ? SLOTS : 0;
    Instance instance =
        new Instance(
            id,
            TENANT,
            true,
            URI.create("ws://127.0.0.1:1"),
            new Credentials(new Secret(""), null, null),
            Set.of("shell", number % 2 == 0 ? "browser" : "mail"),
            SLOTS,
            desired);
    InstanceReport report =
        new InstanceReport(
            id,
            state,
            "drill",
            Instant.EPOCH,
            NODE,
            null,
            0,
            List.of(),
            Instant.EPOCH,
            new Condition(slots, 100.0, 0, null, null),
            null,
            null);
    return Place.of(instance, NODE, report, Instant.EPOCH, number % 33 == 0);
  }

  public Done run(int decisions) {
    List<RouteAsk> asks = new ArrayList<>();
    for (int i = 0; i < 1024; i++) {
      asks.add(ask(i));
    }
    Policy policy = new Policy("eu", "zone-3", true, true);
    long[] took = new long[decisions];
    long began = System.nanoTime();
    for (int i = 0; i < decisions; i++) {
      RouteAsk ask = asks.get(i & 1023);
      long start = System.nanoTime();
      candidates += router.route(ask, policy, pool, Instant.EPOCH).candidates().size();
      took[i] = System.nanoTime() - start;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Arrays.sort(took);
    return new Done(at(took, 0.5), at(took, 0.99), at(took, 0.999), decisions / seconds);
  }

  private RouteAsk ask(int number) {
    List<String> needs =
        switch (number % 4) {
          case 0 -> List.of();
          case 1 -> List.of("browser");
          case 2 -> List.of("shell", "gpu=a100");
          default -> List.of("mail");
        };
    String session = number % 2 == 0 ? null : "talk-" + random.nextInt(100_000);
    return new RouteAsk(TENANT, session, needs, null, null, 0);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
  }

  /// How many candidates all decisions named: what nobody reads could be left out.
  public long candidates() {
    return candidates;
  }
}
