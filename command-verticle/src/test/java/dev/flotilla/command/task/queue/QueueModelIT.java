package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.flotilla.command.task.queue.QueueStory.Step;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random stories of everything that can happen to the queue, against a simple model. A story that
/// fails is made as short as it can be and shown with its seed: `-Dqueue.seed=N` tells that one
/// alone, `-Dqueue.stories=N` more of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueueModelIT {
  private static final int STEPS = 120;
  private final Vertx vertx = Vertx.vertx();
  private Stores stores;

  @BeforeAll
  void open() {
    stores = Stores.open(vertx, TestStores.fresh(Map.of()));
  }

  @AfterAll
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  static List<Long> seeds() {
    Long one = Long.getLong("queue.seed");
    if (one != null) {
      return List.of(one);
    }
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= Long.getLong("queue.stories", 25); seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theQueueDoesWhatTheModelDoes(long seed) {
    List<Step> story = story(seed);
    String wrong = tell(story);
    // Twice, because a machine that stood still for seconds lets waits of the queue run out.
    if (!wrong.isEmpty() && !tell(story).isEmpty()) {
      List<Step> shortest = shrink(story);
      fail("seed " + seed + ": " + tell(shortest) + "\n" + shortest);
    }
  }

  /// The checks are worth something only if they see what is wrong.
  @Test
  void aStoryWithAMistakeIsToldAndMadeShort() {
    List<Step> story = new ArrayList<>(story(7));
    story.add(60, new Step(QueueStory.Deed.DAMAGE, 0, 0));
    story.add(0, new Step(QueueStory.Deed.ADD, 0, 0));
    assertThat(tell(story)).isNotEmpty();
    assertThat(shrink(story)).hasSizeLessThan(4);
  }

  private static List<Step> story(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> story = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      story.add(
          new Step(QueueStory.Deed.any(random), random.nextInt(1 << 16), random.nextInt(1 << 16)));
    }
    return story;
  }

  private String tell(List<Step> story) {
    return new QueueStory(stores).tell(story);
  }

  /// Leaves out ever smaller parts for as long as the story still fails.
  private List<Step> shrink(List<Step> failing) {
    List<Step> story = failing;
    for (int part = story.size() / 2; part >= 1; part = part == 1 ? 0 : part / 2) {
      for (int from = 0; from < story.size(); ) {
        List<Step> less = new ArrayList<>(story.subList(0, from));
        less.addAll(story.subList(Math.min(story.size(), from + part), story.size()));
        if (less.size() < story.size() && !tell(less).isEmpty()) {
          story = less;
        } else {
          from += part;
        }
      }
    }
    return story;
  }
}
