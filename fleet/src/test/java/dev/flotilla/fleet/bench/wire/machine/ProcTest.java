package dev.flotilla.fleet.bench.wire.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the kernel writes, read.
class ProcTest {
  @Test
  void aProcessesTimeIsUserAndSystemWhateverItsName() {
    String stat =
        "27456 (a name) R) S 1 27456 27456 0 -1 4194560 93 0 0 0 250 75 9 9 20 0 44 0 1 1 1";
    assertThat(CpuTimes.ofProcess(stat)).isEqualTo(3.25);
  }

  @Test
  void aCoreIsBusyWhenItIsNeitherIdleNorWaitingForDisks() {
    List<String> stat =
        List.of(
            "cpu  1 1 1 1 1 1 1 1 0 0",
            "cpu0 100 20 30 5000 600 1 2 7 0 0",
            "cpu11 0 0 100 1 1 0 0 0 0 0",
            "intr 12345 0");
    assertThat(CpuTimes.ofCores(stat)).hasSize(2).containsEntry(0, 1.6).containsEntry(11, 1.0);
  }

  @ParameterizedTest
  @CsvSource({"0-1, '0,1'", "3, '3'", "'0-2,8,10-11', '0,1,2,8,10,11'"})
  void coresAreListedInRanges(String text, String cores) {
    assertThat(Cores.list(text))
        .containsExactlyElementsOf(
            List.of(cores.split(",", -1)).stream().map(Integer::valueOf).toList());
  }

  @Test
  void liveObjectsAreTheTotalOfTheHistogram() throws IOException {
    String histogram =
        """
        12345:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         74226        9035416  [B (java.base@25.0.3)
        Total        574829       34567890
        """;
    assertThat(JvmMemory.total(histogram)).isEqualTo(34_567_890);
  }

  @Test
  void anonymousMemoryIsInKibibytes() throws IOException {
    assertThat(JvmMemory.anonymous(List.of("VmRSS:\t  900 kB", "RssAnon:\t    716 kB")))
        .isEqualTo(716 * 1024);
  }

  @ParameterizedTest
  @CsvSource({"1.0, 0.5, server", "0.5, 0.99, client", "1, 1, both", "0.6, 0.6, neither"})
  void whoIsFullIsSaid(double serverCore, double clientBusy, String who) {
    assertThat(new CpuUse(0, 0, serverCore, 1, clientBusy, 0).saturated()).isEqualTo(who);
  }
}
