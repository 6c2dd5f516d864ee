package dev.flotilla.fleet.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Medians, and what they say of the targets.
class FiguresTest {
  private final List<Run> runs = new ArrayList<>();

  private void ran(Measure measure, String system, double... values) {
    for (double value : values) {
      runs.add(new Run(measure, system, value, new CpuUse(1, 1, 1, 1, 1, 0), Map.of()));
    }
  }

  private Verdict verdict(String start) {
    return Verdict.of(Median.of(runs)).stream()
        .filter(verdict -> verdict.target().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theMedianIsTheMiddleRunOfItsOwnSystem() {
    ran(Measure.FAN_OUT_1, Verdict.US, 5, 1, 3, 2, 4);
    ran(Measure.FAN_OUT_1, Verdict.NATS, 100);
    Median median = Median.of(runs).getFirst();
    assertThat(median.run().value()).isEqualTo(3);
    assertThat(median.lowest()).isEqualTo(1);
    assertThat(median.highest()).isEqualTo(5);
    assertThat(median.runs()).isEqualTo(5);
  }

  @Test
  void oneInFlightIsComparedWithTheBetterPeer() {
    ran(Measure.FAN_OUT_1, Verdict.US, 120);
    ran(Measure.FAN_OUT_1, Verdict.NATS, 50);
    ran(Measure.FAN_OUT_1, Verdict.NCHAN, 100);
    Verdict verdict = verdict("fan-out, 1 in flight");
    assertThat(verdict.reached()).isEqualTo(1.2);
    assertThat(verdict.met()).isTrue();
  }

  @Test
  void manyInFlightIsComparedWithNatsOnly() {
    ran(Measure.FAN_OUT_64, Verdict.US, 140);
    ran(Measure.FAN_OUT_64, Verdict.NATS, 100);
    ran(Measure.FAN_OUT_64, Verdict.NCHAN, 1000);
    Verdict verdict = verdict("fan-out, 64 in flight");
    assertThat(verdict.reached()).isEqualTo(1.4);
    assertThat(verdict.met()).isFalse();
  }

  @Test
  void atMostIsMetFromBelow() {
    ran(Measure.IDLE_HEAP, Verdict.US, 12 * 1024);
    ran(Measure.IDLE_RSS, Verdict.US, 24 * 1024 + 1);
    assertThat(verdict("heap of an idle session").met()).isTrue();
    assertThat(verdict("RssAnon of an idle session").met()).isFalse();
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    ran(Measure.REQUESTS, Verdict.US, 100);
    Verdict verdict = verdict("requests");
    assertThat(verdict.reached()).isNull();
    assertThat(verdict.met()).isFalse();
  }

  @Test
  void latenciesAreToldInMilliseconds() {
    Latencies latencies = new Latencies();
    for (int ms = 1; ms <= 100; ms++) {
      latencies.record(ms * 1_000_000L);
    }
    latencies.record(-1); // A clock that stepped back is no reason to fail.
    assertThat(latencies.millis(99)).isBetween(98.9, 99.1);
    assertThat(latencies.count()).isEqualTo(101);
  }
}
