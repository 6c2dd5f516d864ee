package dev.flotilla.registry.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
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
  private static final Rules RULES = new Rules(30, Duration.ofSeconds(30));
  private static final Instant NOW = Instant.EPOCH.plusSeconds(10);

  private static Place place(
      String id,
      String tenant,
      boolean shared,
      @Nullable InstanceState state,
      int running,
      String... capabilities) {
    return place(id, tenant, shared, state, running, Desired.PLAIN, capabilities);
  }

  private static Place place(
      String id,
      String tenant,
      boolean shared,
      @Nullable InstanceState state,
      int running,
      Desired desired,
      String... capabilities) {
    InstanceId instance = new InstanceId(id);
    return Place.of(
        new Instance(
            instance,
            new TenantId(tenant),
            shared,
            URI.create("ws://127.0.0.1:1"),
            new Credentials(new Secret("t"), null, null),
            Set.of(capabilities),
            4,
            desired),
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
                Instant.EPOCH),
        Instant.EPOCH,
        false);
  }

  private static Place at(String id, @Nullable String region, @Nullable String zone, int weight) {
    Desired desired = new Desired(region, zone, Set.of(), weight, InstanceWish.SERVE, null, null);
    return place(id, "acme", false, InstanceState.READY, 0, desired);
  }

  private static RouteAnswer route(RouteAsk ask, List<Place> places) {
    return route(ask, Policy.FREE, places);
  }

  private static RouteAnswer route(RouteAsk ask, Policy policy, List<Place> places) {
    return new Router(RULES).route(ask, policy, Pool.of(ask.tenant(), places), NOW);
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
        route(ask(), List.of(place("theirs", "umbrella", false, InstanceState.READY, 0)));
    assertThat(answer.candidates()).isEmpty();
    assertThat(answer.reason()).isEqualTo("no instance is registered for this tenant");
  }

  @Test
  void aSharedInstanceServesEverybody() {
    assertThat(ids(route(ask(), List.of(place("all", "ops", true, InstanceState.READY, 0)))))
        .containsExactly("all");
  }

  @Test
  void aMissingCapabilityIsNamed() {
    RouteAnswer answer = route(ask("gpu"), List.of(ready("plain", 0, "browser")));
    assertThat(answer.reason()).isEqualTo("no ready instance has the capability 'gpu'");
  }

  @Test
  void capabilitiesThatNoInstanceHasTogetherAreNamed() {
    RouteAnswer answer =
        route(ask("gpu", "mac"), List.of(ready("a", 0, "gpu"), ready("b", 0, "mac")));
    assertThat(answer.reason()).contains("all of the capabilities").contains("gpu", "mac");
  }

  @Test
  void anInstanceThatIsNotReadyIsNamedWithItsReason() {
    RouteAnswer down = route(ask(), List.of(place("a", "acme", false, InstanceState.DOWN, 0)));
    assertThat(down.reason()).isEqualTo("the only instance is down: why");
    RouteAnswer unwatched = route(ask(), List.of(place("a", "acme", false, null, 0)));
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
    assertThat(ids(route(bound, places))).containsExactly("old", "new");
    RouteAsk unwatched =
        new RouteAsk(new TenantId("acme"), null, List.of(), new InstanceId("unwatched"));
    assertThat(ids(route(unwatched, places))).startsWith("unwatched");
  }

  @Test
  void anEarlierInstanceThatIsGoneIsNotACandidate() {
    RouteAsk bound = new RouteAsk(new TenantId("acme"), null, List.of(), new InstanceId("removed"));
    assertThat(ids(route(bound, List.of(ready("a", 0))))).containsExactly("a");
  }

  private static RouteAsk talk(@Nullable String home, String... capabilities) {
    return new RouteAsk(
        new TenantId("acme"),
        "thread-7",
        List.of(capabilities),
        null,
        home == null ? null : new InstanceId(home),
        0);
  }

  @Test
  void aConversationStaysWhereItIsHoweverBusyThatIs() {
    List<Place> places = List.of(ready("a", 0), ready("b", 4), ready("c", 0));
    assertThat(ids(route(talk("b"), places))).containsExactly("b");
  }

  @Test
  void aNewConversationMayGoToAnyInstance() {
    List<Place> places = List.of(ready("a", 0), ready("b", 0), ready("c", 0));
    assertThat(ids(route(talk(null), places))).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(ids(route(talk("gone"), places))).hasSize(3);
  }

  @Test
  void aConversationWaitsForItsInstanceAndMovesOnWhenThatTakesTooLong() {
    Place down = place("b", "acme", false, InstanceState.DOWN, 0);
    List<Place> places = List.of(ready("a", 0), down, ready("c", 0));
    RouteAnswer answer = route(talk("b"), places);
    assertThat(answer.candidates()).isEmpty();
    assertThat(answer.reason())
        .isEqualTo("the instance that holds this conversation is down: why; it moves on in 20 s");
    RouteAnswer later =
        new Router(RULES)
            .route(
                talk("b"), Policy.FREE, Pool.of(new TenantId("acme"), places), NOW.plusSeconds(21));
    assertThat(ids(later)).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void aConversationLeavesAnInstanceThatIsDrainedAtOnce() {
    Desired drained = new Desired(null, null, Set.of(), 100, InstanceWish.DRAIN, "upgrade", null);
    List<Place> places =
        List.of(ready("a", 0), place("b", "acme", false, InstanceState.READY, 0, drained));
    assertThat(ids(route(talk("b"), places))).containsExactly("a");
  }

  @Test
  void theTenantsZoneComesFirstThenItsRegionThenTheRest() {
    Policy policy = new Policy("eu", "eu-a", true, true);
    List<Place> places =
        List.of(
            at("us", "us", "us-a", 100), at("b", "eu", "eu-b", 100), at("a", "eu", "eu-a", 100));
    RouteAnswer answer = route(ask(), policy, places);
    assertThat(ids(answer)).containsExactly("a", "b", "us");
    assertThat(answer.candidates()).extracting(Candidate::group).isSorted().doesNotHaveDuplicates();
    RouteAnswer kept = route(ask(), new Policy("eu", null, false, true), places);
    assertThat(ids(kept)).containsExactlyInAnyOrder("a", "b");
    assertThat(route(ask(), new Policy("ap", null, false, true), places).reason())
        .contains("routing policy");
  }

  @Test
  void aTaskMayAskForLabelsAndForARegion() {
    Desired labelled =
        new Desired("eu", null, Set.of("gpu=a100"), 100, InstanceWish.SERVE, null, null);
    List<Place> places =
        List.of(place("x", "acme", false, InstanceState.READY, 0, labelled), ready("y", 0));
    assertThat(ids(route(ask("gpu=a100"), places))).containsExactly("x");
    assertThat(ids(route(ask("region=eu"), places))).containsExactly("x");
    assertThat(ids(route(ask("region=us"), places))).isEmpty();
  }

  @Test
  void aTenantThatWantsToBeAloneNeverMeetsTheSharedPool() {
    List<Place> places =
        List.of(place("pool", "ops", true, InstanceState.READY, 0), ready("own", 0));
    assertThat(ids(route(ask(), new Policy(null, null, true, false), places)))
        .containsExactly("own");
  }

  @Test
  void whenTooFewAreLeftTheEjectedOnesHelpLast() {
    List<Place> places = new ArrayList<>(List.of(ready("a", 0)));
    for (String id : List.of("b", "c", "d")) {
      places.add(place(id, "acme", false, InstanceState.EJECTED, 0));
    }
    assertThat(ids(route(ask(), places))).startsWith("a").hasSize(4);
    places.add(ready("e", 0));
    assertThat(ids(route(ask(), places))).containsExactlyInAnyOrder("a", "e");
  }

  @Test
  void aCanaryIsPreferredByAsManyConversationsAsItsWeightSays() {
    List<Place> places = List.of(at("old", null, null, 100), at("canary", null, null, 10));
    int canary = 0;
    for (int i = 0; i < 2200; i++) {
      RouteAsk ask = new RouteAsk(new TenantId("acme"), "talk-" + i, List.of(), null);
      canary += ids(route(ask, places)).getFirst().equals("canary") ? 1 : 0;
    }
    assertThat(canary).isBetween(140, 260);
    assertThat(route(ask(), places).candidates())
        .extracting(Candidate::share)
        .containsExactlyInAnyOrder(400, 40);
  }

  @Test
  void anInstanceThatJoinsOrLeavesMovesOnlyWhatItTakesOrHad() {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      places.add(ready("i-" + i, 0));
    }
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      before.add(firstOf("talk-" + i, places));
    }
    Place left = places.remove(7);
    int moved = 0;
    for (int i = 0; i < 2000; i++) {
      String now = firstOf("talk-" + i, places);
      boolean had = before.get(i).equals(left.instance().id().value());
      assertThat(now.equals(before.get(i))).isEqualTo(!had);
      moved += had ? 1 : 0;
    }
    assertThat(moved).isBetween(15, 75);
  }

  private static String firstOf(String session, List<Place> places) {
    RouteAsk ask = new RouteAsk(new TenantId("acme"), session, List.of(), null);
    return ids(route(ask, places)).getFirst();
  }

  @Test
  void moreThanOneAnswerHoldsComeInFurtherAnswers() {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      places.add(ready("i-" + i, 0));
    }
    Set<String> all = new HashSet<>();
    RouteAsk ask = ask();
    RouteAnswer answer = route(ask, places);
    all.addAll(ids(answer));
    while (answer.more()) {
      ask = ask.after(answer.candidates().size());
      answer = route(ask, places);
      all.addAll(ids(answer));
    }
    assertThat(all).hasSize(100);
  }

  @Test
  void everyInstanceOfTheTenantIsExplained() {
    List<Place> places =
        List.of(
            ready("a", 1, "gpu"),
            ready("plain", 0),
            place("down", "acme", false, InstanceState.DOWN, 0, "gpu"),
            place("theirs", "umbrella", false, InstanceState.READY, 0, "gpu"));
    RouteReasons reasons =
        new Router(RULES)
            .explain(ask("gpu"), Policy.FREE, Pool.of(new TenantId("acme"), places), NOW);
    assertThat(reasons.instances())
        .extracting(reason -> reason.instance().value(), RouteReasons.Reason::rank)
        .containsExactlyInAnyOrder(tuple("a", 1), tuple("plain", null), tuple("down", null));
    assertThat(reasons.instances())
        .extracting(RouteReasons.Reason::words)
        .containsExactlyInAnyOrder(
            "it can take the task",
            "it does not offer what the task asks for: [gpu]",
            "it takes nothing; it is down: why");
  }

  @Test
  void onlyAnInstanceWithTheCapabilitiesHoldsAConversation() {
    RouteAsk talk = new RouteAsk(new TenantId("acme"), "thread-7", List.of("gpu"), null);
    List<Place> places = List.of(ready("a", 0), ready("b", 0), ready("c", 0), ready("d", 0, "gpu"));
    assertThat(ids(route(talk, places))).containsExactly("d");
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
    RouteAnswer answer = route(asked, places);
    Collections.shuffle(places, random);
    List<Candidate> shuffled = route(asked, places).candidates();

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
        assertThat(chosen.state()).isIn(InstanceState.READY, InstanceState.EJECTED);
        assertThat(chosen.instance().capabilities()).containsAll(asked.capabilities());
      }
    }
  }
}
