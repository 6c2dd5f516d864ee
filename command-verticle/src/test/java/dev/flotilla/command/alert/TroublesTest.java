package dev.flotilla.command.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.instance.InstanceRow;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TroublesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final Troubles troubles = new Troubles(Duration.ofMinutes(1), Duration.ofSeconds(5));
  private final List<InstanceRow> rows = new ArrayList<>();
  private final Map<InstanceId, InstanceReport> reports = new HashMap<>();

  private void add(String id, boolean shared, InstanceState state, int secondsAgo) {
    add(id, shared, state, secondsAgo, InstanceWish.SERVE);
  }

  private void add(
      String id, boolean shared, InstanceState state, int secondsAgo, InstanceWish wish) {
    InstanceId instance = new InstanceId(id);
    TenantId tenant = new TenantId(shared ? "ops" : "acme");
    rows.add(
        new InstanceRow(
            instance,
            tenant,
            shared,
            URI.create("ws://h"),
            null,
            null,
            List.of(),
            4,
            1,
            NOW.minusSeconds(3600),
            List.of(),
            100,
            wish,
            null,
            null,
            null));
    reports.put(
        instance,
        new InstanceReport(
            instance,
            state,
            "why",
            NOW.minusSeconds(secondsAgo),
            new NodeId("n"),
            null,
            0,
            List.of(),
            NOW));
  }

  private List<String> found() {
    return troubles.in(rows, reports, NOW).stream()
        .map(each -> each.tenant() + " " + each.subject())
        .toList();
  }

  @Test
  void nothingIsWrongWithAFleetThatWorks() {
    add("a", false, InstanceState.READY, 10);
    add("b", false, InstanceState.DOWN, 59);
    assertThat(found()).isEmpty();
  }

  @Test
  void whoIsDownForLongIsTold() {
    add("a", false, InstanceState.READY, 10);
    add("b", false, InstanceState.DOWN, 60);
    assertThat(found()).containsExactly("acme instance:b");
  }

  @Test
  void aGatewayThatEndsAgainAndAgainIsToldAtOnce() {
    add("a", false, InstanceState.READY, 10);
    add("b", false, InstanceState.DOWN, 1);
    InstanceId id = new InstanceId("b");
    InstanceReport seen = Objects.requireNonNull(reports.get(id));
    reports.put(
        id,
        new InstanceReport(
            id,
            seen.state(),
            seen.reason(),
            seen.since(),
            seen.owner(),
            null,
            0,
            List.of(),
            NOW,
            null,
            LinkView.of(LinkStatus.CRASH_LOOP),
            null));
    assertThat(found()).containsExactly("acme crash:b");
  }

  @Test
  void whoIsNotWatchedCountsAsDownSinceTheLastReport() {
    add("a", true, InstanceState.READY, 10);
    add("b", true, InstanceState.READY, 10);
    reports.remove(new InstanceId("b"));
    assertThat(found()).containsExactly("ops instance:b");
  }

  @Test
  void whatOperatorsHaveStoppedIsNoTrouble() {
    add("a", false, InstanceState.READY, 10);
    add("b", false, InstanceState.DOWN, 999, InstanceWish.DRAIN);
    assertThat(found()).isEmpty();
  }

  @Test
  void halfOfAPoolThatIsEjectedIsTold() {
    add("a", true, InstanceState.EJECTED, 10);
    add("b", true, InstanceState.READY, 10);
    add("own", false, InstanceState.READY, 10);
    assertThat(found()).containsExactly("ops ejected:the shared pool");
  }

  @Test
  void aPoolThatTakesNothingForAWhileIsTold() {
    add("a", false, InstanceState.DEGRADED, 29);
    assertThat(found()).isEmpty();
    rows.clear();
    add("a", false, InstanceState.DEGRADED, 31);
    add("all", true, InstanceState.READY, 31);
    assertThat(found()).containsExactly("acme capacity:the tenant's own instances");
  }
}
