package dev.flotilla.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.cluster.NodeRole;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private final ShiftingMembership fleet = new ShiftingMembership();
  private final Shards one = new Shards(fleet.join("one", NodeRole.GATEWAY));
  private final Shards two = new Shards(fleet.join("two", NodeRole.GATEWAY));

  private static List<String> channels() {
    return IntStream.range(0, 200).mapToObj(i -> "channel-" + i).toList();
  }

  @Test
  void everyChannelIsOneNodesAndBothHaveSome() {
    assertThat(channels()).allMatch(channel -> one.isMine(channel) != two.isMine(channel));
    assertThat(channels()).anyMatch(one::isMine).anyMatch(two::isMine);
  }

  @Test
  void whoIsLeftTakesOver() {
    fleet.leave("one");
    assertThat(channels()).allMatch(two::isMine);
  }

  @Test
  void nodesThatServeNoSocketsTakeNothing() {
    Shards other = new Shards(fleet.join("three", NodeRole.COMMAND));
    assertThat(channels())
        .noneMatch(other::isMine)
        .allMatch(channel -> one.isMine(channel) != two.isMine(channel));
  }
}
