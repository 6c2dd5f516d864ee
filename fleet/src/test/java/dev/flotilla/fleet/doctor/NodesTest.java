package dev.flotilla.fleet.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.OpsResult.BusTrip;
import dev.flotilla.contract.OpsResult.NodeCheckups;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Finding.Sound;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.check.BusTripsCheck;
import dev.flotilla.fleet.doctor.check.FilesCheck;
import dev.flotilla.fleet.doctor.check.JavaCheck;
import dev.flotilla.fleet.doctor.check.MembershipCheck;
import dev.flotilla.identity.NodeId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the doctor makes of what nodes say of themselves.
class NodesTest {
  private static final NodeId ONE = new NodeId("n1");
  private static final NodeId TWO = new NodeId("n2");
  private static final long MANY = 1_048_576;
  private static final String JAVA = Runtime.version().toString();

  /// A node that says what a test is about, and else that all is well.
  private record Words(
      NodeId id,
      @Nullable String trouble,
      String version,
      String java,
      long openFiles,
      long maxFiles,
      List<NodeId> members,
      List<BusTrip> bus) {

    NodeState state() {
      return new NodeState(
          id,
          URI.create("http://127.0.0.1:1"),
          List.of("gateway"),
          trouble,
          1.0,
          0L,
          version,
          java,
          Instant.EPOCH,
          openFiles,
          maxFiles,
          members,
          bus);
    }
  }

  private static Words well(NodeId id, NodeId peer) {
    return new Words(
        id, null, "1", JAVA, 10, 1_048_576, List.of(ONE, TWO), List.of(new BusTrip(peer, 1.0, 0)));
  }

  private static List<Finding> find(Check check, Words... nodes) {
    List<NodeState> states = List.of(nodes).stream().map(Words::state).toList();
    Survey said =
        new Survey(
            List.of(
                new Survey.Look(
                    "n1",
                    URI.create("http://127.0.0.1:1"),
                    true,
                    "n1",
                    new NodeCheckups(ONE, states),
                    null)));
    try (Patient patient = new Patient(List.of(), said)) {
      return Doctor.look("nodes", check, patient);
    }
  }

  private static void assertTrouble(Severity severity, String what, List<Finding> findings) {
    assertThat(findings)
        .singleElement()
        .isInstanceOfSatisfying(
            Trouble.class,
            trouble -> {
              assertThat(trouble.severity()).isEqualTo(severity);
              assertThat(trouble.what()).contains(what);
              assertThat(trouble.why()).isNotBlank();
              assertThat(trouble.remedy()).isNotBlank();
            });
  }

  @Test
  void nodesThatAreWellAreSound() {
    for (Check check :
        List.of(new BusTripsCheck(), new FilesCheck(), new JavaCheck(), new MembershipCheck())) {
      assertThat(find(check, well(ONE, TWO), well(TWO, ONE)))
          .as(check.toString())
          .singleElement()
          .isInstanceOf(Sound.class);
    }
  }

  @Test
  void aNodeThatAnotherOneDoesNotHearIsNamed() {
    Words deaf =
        new Words(ONE, null, "1", JAVA, 1, MANY, List.of(), List.of(new BusTrip(TWO, 1.0, 2)));
    assertTrouble(Severity.ERROR, "n2 does not answer node n1", find(new BusTripsCheck(), deaf));
    Words never =
        new Words(ONE, null, "1", JAVA, 1, MANY, List.of(), List.of(new BusTrip(TWO, null, 0)));
    assertTrouble(Severity.ERROR, "n2 does not answer node n1", find(new BusTripsCheck(), never));
  }

  @Test
  void aSlowBusIsNamed() {
    Words slow =
        new Words(ONE, null, "1", JAVA, 1, MANY, List.of(), List.of(new BusTrip(TWO, 180.0, 0)));
    assertTrouble(Severity.WARNING, "180 ms", find(new BusTripsCheck(), slow));
  }

  @Test
  void aMemberThatSaysNothingIsNamed() {
    Words silent = new Words(TWO, "TIMEOUT", "1", JAVA, 1, MANY, List.of(), List.of());
    assertTrouble(
        Severity.ERROR,
        "n2 is a member and does not answer",
        find(new BusTripsCheck(), well(ONE, TWO), silent));
  }

  @Test
  void aNodeThatMayOpenFewFilesIsNamed() {
    Words few = new Words(ONE, null, "1", JAVA, 10, 1_024, List.of(), List.of());
    assertTrouble(Severity.ERROR, "may open 1024 files only", find(new FilesCheck(), few));
    Words some = new Words(ONE, null, "1", JAVA, 10, 8_192, List.of(), List.of());
    assertTrouble(Severity.WARNING, "may open 8192 files only", find(new FilesCheck(), some));
    Words full = new Words(ONE, null, "1", JAVA, 900_000, 1_000_000, List.of(), List.of());
    assertTrouble(Severity.ERROR, "has 900000 of 1000000 files open", find(new FilesCheck(), full));
  }

  @Test
  void nodesThatAreNotTheSameAreNamed() {
    Words other = new Words(TWO, null, "1", "26", 1, MANY, List.of(), List.of());
    assertTrouble(
        Severity.WARNING, "different Javas", find(new JavaCheck(), well(ONE, TWO), other));
    Words older = new Words(TWO, null, "0.9", JAVA, 1, MANY, List.of(), List.of());
    assertTrouble(
        Severity.WARNING,
        "different versions of the fleet: 0.9, 1",
        find(new JavaCheck(), well(ONE, TWO), older));
  }
}
