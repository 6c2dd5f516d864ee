package dev.flotilla.registry.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.instance.Credentials;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.routing.Router.Place;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final List<InstanceState> STATES = List.of(InstanceState.values());
  private static final NodeId NODE = new NodeId("node-1");

  private static Place place(
      String id,
      String tenant,
      boolean shared,
      @Nullable InstanceState state,
      int running,
      String... capabilities) {
    InstanceId instance = new InstanceId(id);
    return new Place(
        new Instance(
            instance,
            new TenantId(tenant),
            shared,
            URI.create("ws://127.0.0.1:1"),
            new Credentials(new Secret("t"), null, null),
            Set.of(capabilities),
            4),
        NODE,
        state == null
            ? null
            : new InstanceReport(
                instance,
                state,
                "why",
                Instant.EPOCH,
                NODE,
                "v",
                running,
                List.of(),
                Instant.EPOCH,
                null));
  }

  private static Place ready(String id, int running, String... capabilities) {
    return place(id, "acme", false, InstanceState.READY, running, capabilities);
  }

  private static RouteAsk ask(String... capabilities) {
    return new RouteAsk(new TenantId("acme"), null, List.of(capabilities), null);
  }

  private static List<String> ids(RouteAnswer answer) {
    return answer.candidates().stream().map(each -> each.instance().value()).toList();
  }

  @Test
  void anotherTenantsInstanceDoesNotExist() {
    RouteAnswer answer =
        Router.route(ask(), List.of(place("theirs", "umbrella", false, InstanceState.READY, 0)));
    assertThat(answer.candidates()).isEmpty();
    assertThat(answer.reason()).isEqualTo("no instance is registered for this tenant");
  }

  @Test
  void aSharedInstanceServesEverybody() {
    assertThat(ids(Router.route(ask(), List.of(place("all", "ops", true, InstanceState.READY, 0)))))
        .containsExactly("all");
  }

  @Test
  void aMissingCapabilityIsNamed() {
    RouteAnswer answer = Router.route(ask("gpu"), List.of(ready("plain", 0, "browser")));
    assertThat(answer.reason()).isEqualTo("no ready instance has the capability 'gpu'");
  }

  @Test
  void capabilitiesThatNoInstanceHasTogetherAreNamed() {
    RouteAnswer answer =
        Router.route(ask("gpu", "mac"), List.of(ready("a", 0, "gpu"), ready("b", 0, "mac")));
    assertThat(answer.reason()).contains("all of the capabilities").contains("gpu", "mac");
  }

  @Test
  void anInstanceThatIsNotReadyIsNamedWithItsReason() {
    RouteAnswer down =
        Router.route(ask(), List.of(place("a", "acme", false, InstanceState.DOWN, 0)));
    assertThat(down.reason()).isEqualTo("the only instance is down: why");
    RouteAnswer unwatched = Router.route(ask(), List.of(place("a", "acme", false, null, 0)));
    assertThat(unwatched.reason()).isEqualTo("the only instance is not watched by any node");
  }

  @Test
  void theInstanceOfAnEarlierAttemptComesFirstInWhateverState() {
    RouteAsk bound =
        new RouteAsk(new TenantId("acme"), null, List.of("gpu"), new InstanceId("old"));
    List<Place> places =
        List.of(
            ready("new", 0, "gpu"),
            place("old", "acme", false, InstanceState.DOWN, 0),
            place("unwatched", "acme", false, null, 0));
    assertThat(ids(Router.route(bound, places))).containsExactly("old", "new");
    RouteAsk unwatched =
        new RouteAsk(new TenantId("acme"), null, List.of(), new InstanceId("unwatched"));
    assertThat(ids(Router.route(unwatched, places))).startsWith("unwatched");
  }

  @Test
  void anEarlierInstanceThatIsGoneIsNotACandidate() {
    RouteAsk bound = new RouteAsk(new TenantId("acme"), null, List.of(), new InstanceId("removed"));
    assertThat(ids(Router.route(bound, List.of(ready("a", 0))))).containsExactly("a");
  }

  @Test
  void aConversationStaysOnItsInstanceHoweverBusyItIs() {
    RouteAsk talk = new RouteAsk(new TenantId("acme"), "thread-7", List.of(), null);
    List<Place> idle = List.of(ready("a", 0), ready("b", 0), ready("c", 0));
    String home = ids(Router.route(talk, idle)).getFirst();
    List<Place> busy =
        idle.stream()
            .map(each -> each.instance().id().value())
            .map(id -> ready(id, id.equals(home) ? 4 : 0))
            .toList();
    assertThat(ids(Router.route(talk, busy))).containsExactly(home);
  }

  @Test
  void aConversationWaitsForItsInstanceAndMovesOnlyWhenThatIsGone() {
    RouteAsk talk = new RouteAsk(new TenantId("acme"), "thread-7", List.of(), null);
    List<String> all = List.of("a", "b", "c");
    String home = ids(Router.route(talk, all.stream().map(id -> ready(id, 0)).toList())).getFirst();
    List<Place> others =
        all.stream().filter(id -> !id.equals(home)).map(id -> ready(id, 0)).toList();
    List<Place> homeDown = new ArrayList<>(others);
    homeDown.add(place(home, "acme", false, InstanceState.DOWN, 0));
    RouteAnswer answer = Router.route(talk, homeDown);
    assertThat(answer.candidates()).isEmpty();
    assertThat(answer.reason()).isEqualTo("the instance that holds this conversation is down: why");
    assertThat(ids(Router.route(talk, others))).hasSize(1).doesNotContain(home);
  }

  @Test
  void aConversationMayGoOnWhereAnEarlierAttemptWasStarted() {
    RouteAsk talk = new RouteAsk(new TenantId("acme"), "t", List.of(), new InstanceId("a"));
    assertThat(ids(Router.route(talk, List.of(ready("a", 0), ready("b", 0), ready("c", 0)))))
        .startsWith("a")
        .hasSizeBetween(1, 2);
  }

  @Test
  void onlyAnInstanceWithTheCapabilitiesHoldsAConversation() {
    RouteAsk talk = new RouteAsk(new TenantId("acme"), "thread-7", List.of("gpu"), null);
    List<Place> places = List.of(ready("a", 0), ready("b", 0), ready("c", 0), ready("d", 0, "gpu"));
    assertThat(ids(Router.route(talk, places))).containsExactly("d");
  }

  @Test
  void aTenantMovesOnWhenItsInstanceIsBusierThanTheOthers() {
    List<Place> idle = List.of(ready("a", 0), ready("b", 0), ready("c", 0));
    String home = ids(Router.route(ask(), idle)).getFirst();
    List<Place> busy =
        idle.stream()
            .map(each -> each.instance().id().value())
            .map(id -> ready(id, id.equals(home) ? 3 : 0))
            .toList();
    assertThat(ids(Router.route(ask(), busy)).getFirst()).isNotEqualTo(home);
    assertThat(ids(Router.route(ask(), busy))).endsWith(home);
  }

  @RepeatedTest(200)
  void whateverTheFleetLooksLike(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < random.nextInt(12); i++) {
      InstanceState state =
          random.nextInt(4) == 0 ? null : STATES.get(random.nextInt(STATES.size()));
      places.add(
          place(
              "i-" + i,
              random.nextBoolean() ? "acme" : "umbrella",
              random.nextInt(3) == 0,
              state,
              random.nextInt(5),
              random.nextBoolean() ? "gpu" : "mac"));
    }
    RouteAsk asked =
        new RouteAsk(
            new TenantId("acme"),
            random.nextBoolean() ? "talk" : null,
            random.nextBoolean() ? List.of("gpu") : List.of(),
            random.nextInt(3) == 0 ? new InstanceId("i-" + random.nextInt(12)) : null);
    RouteAnswer answer = Router.route(asked, places);
    Collections.shuffle(places, random);
    List<Candidate> shuffled = Router.route(asked, places).candidates();

    assertThat(new HashSet<>(shuffled)).isEqualTo(new HashSet<>(answer.candidates()));
    assertThat(answer.candidates()).doesNotHaveDuplicates();
    assertThat(answer.reason() == null).isEqualTo(!answer.candidates().isEmpty());
    for (Candidate candidate : answer.candidates()) {
      Place chosen =
          places.stream()
              .filter(each -> each.instance().id().equals(candidate.instance()))
              .findFirst()
              .orElseThrow();
      assertThat(chosen.instance().serves(asked.tenant())).isTrue();
      if (!candidate.instance().equals(asked.bound())) {
        assertThat(chosen.ready()).isTrue();
        assertThat(chosen.instance().capabilities()).containsAll(asked.capabilities());
      }
    }
  }
}
