package dev.flotilla.registry.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteDrillTest {
  @Test
  void everyDecisionOfADrillFindsCandidates() {
    RouteDrill drill = new RouteDrill(100);
    RouteDrill.Done done = drill.run(200);
    assertThat(drill.candidates()).isGreaterThan(200 * 4);
    assertThat(done.median()).isPositive().isLessThanOrEqualTo(done.p99());
    assertThat(done.p99()).isLessThanOrEqualTo(done.p999());
  }
}
