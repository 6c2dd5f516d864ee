package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Topic;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules for Subscribe, said a second time and in other words: random messages, good and bad,
/// must be accepted and refused as both say.
class SubscribeAsDescribedTest {
  private static final int MESSAGES = 5_000;
  private static final List<String> STRANGE =
      List.of("", " ", "a b", "-a", ".a", "é", "a:b", "a\u0000b", "x".repeat(129), "a/b", "*");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void messagesAreAcceptedAndRefusedAsTheSpecSays(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int accepted = 0;
    for (int i = 0; i < MESSAGES; i++) {
      WebSocketMessage message = message(random);
      WorkFrame frame = WorkDecoder.decode(message.toByteArray());
      assertThat(frame instanceof WorkFrame.Subscribe)
          .as("seed %d: %s", seed, message)
          .isEqualTo(isValid(message));
      if (frame instanceof WorkFrame.Subscribe(_, var topics, var since, _)) {
        accepted++;
        assertThat(names(topics)).isEqualTo(wanted(message.getSubscribe()));
        assertThat(since != null).isEqualTo(message.getSubscribe().hasSince());
      }
    }
    assertThat(accepted).isBetween(MESSAGES / 10, MESSAGES * 9 / 10);
  }

  private static WebSocketMessage message(RandomGenerator random) {
    Subscribe.Builder subscribe = Subscribe.newBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      subscribe.addProjectIds(id(random));
      subscribe.addSprintIds(id(random));
      subscribe.addWorkItemIds(id(random));
    }
    if (random.nextBoolean()) {
      subscribe.setSince(
          Position.newBuilder()
              .setEpoch(random.nextInt(8) == 0 ? strange(random) : "epoch")
              .setSeq(random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(1000)));
    }
    return WebSocketMessage.newBuilder()
        .setMessageId(random.nextInt(8) == 0 ? strange(random) : "m-" + random.nextInt(100))
        .setSubscribe(subscribe.setPresence(random.nextBoolean()))
        .build();
  }

  private static String id(RandomGenerator random) {
    return random.nextInt(20) == 0 ? strange(random) : "id-" + random.nextInt(20);
  }

  private static String strange(RandomGenerator random) {
    return STRANGE.get(random.nextInt(STRANGE.size()));
  }

  private static boolean isValid(WebSocketMessage message) {
    Subscribe subscribe = message.getSubscribe();
    boolean ids =
        Stream.of(
                subscribe.getProjectIdsList(),
                subscribe.getSprintIdsList(),
                subscribe.getWorkItemIdsList())
            .flatMap(List::stream)
            .allMatch(id -> id.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}"));
    boolean since =
        !subscribe.hasSince()
            || (subscribe.getSince().getEpoch().matches("[!-~]{1,128}")
                && subscribe.getSince().getSeq() >= 0
                && subscribe.getSince().getSeq() < 9_007_199_254_740_992L);
    return ids && since && message.getMessageId().matches("[!-~]{0,128}");
  }

  private static Set<String> wanted(Subscribe subscribe) {
    Set<String> names = new TreeSet<>();
    subscribe.getProjectIdsList().forEach(id -> names.add("project:" + id));
    subscribe.getSprintIdsList().forEach(id -> names.add("sprint:" + id));
    subscribe.getWorkItemIdsList().forEach(id -> names.add("item:" + id));
    if (subscribe.getPresence()) {
      names.add("presence");
    }
    return names;
  }

  private static Set<String> names(Set<Topic> topics) {
    return topics.stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new));
  }
}
