package dev.flotilla.gateway.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.identity.TaskId;
import dev.flotilla.log.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FollowedTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_763_600_000_000L);
  private static final long SECOND = 1_000_000_000L;

  private final List<String> sent = new ArrayList<>();
  private final Deque<Promise<ThreadHistory>> asked = new ArrayDeque<>();
  private long now = Long.MAX_VALUE - SECOND / 2;

  private final Followed.Client client =
      new Followed.Client() {
        @Override
        public Future<ThreadHistory> ask(@Nullable Integer limit) {
          Promise<ThreadHistory> answer = Promise.promise();
          asked.add(answer);
          return answer.future();
        }

        @Override
        public void deliver(Post post) {
          tell(post);
        }

        @Override
        public void history(ThreadHistory history) {
          LiveText live = history.live();
          sent.add("history" + (live == null ? "" : " " + live.text()));
        }

        @Override
        public void text(LiveText whole) {
          sent.add("0:" + whole.text());
        }

        @Override
        public void missed(Gap gap) {
          sent.add("gap " + gap.reason().wireName() + " " + gap.position().seq());
        }

        @Override
        public void failed(Throwable failure) {
          sent.add("failed");
        }

        @Override
        public void overtaken() {
          sent.add("overtaken");
        }
      };

  private void tell(Post post) {
    sent.add(
        switch (post.fact()) {
          case Fact.TaskChanged changed -> post.seq() + " " + changed.change().wireName();
          case Fact.TaskOutput piece -> piece.index() + ":" + piece.text();
          default -> "?";
        });
  }

  private Followed fresh(long head) {
    return new Followed(client, () -> now, null, head, false);
  }

  private Followed resuming(long since) {
    return new Followed(client, () -> now, null, since, true);
  }

  private void offer(Followed thread, Post post) {
    if (thread.wants(post)) {
      tell(post);
    }
  }

  private void say(Followed thread, long index, String text) {
    say(thread, "t-1", 1, index, text);
  }

  private void say(Followed thread, String task, int attempt, long index, String text) {
    Fact piece = new Fact.TaskOutput(new TaskId(task), "th", attempt, index, text);
    offer(thread, new Post(Event.of(null, piece, NOW, null, null), "e"));
  }

  private void change(Followed thread, long seq, TaskChange change) {
    change(thread, seq, "t-1", change);
  }

  private void change(Followed thread, long seq, String task, TaskChange change) {
    TaskView view =
        new TaskView(
            new TaskId(task),
            TaskState.RUNNING,
            Priority.MEDIUM,
            null,
            "th",
            List.of(),
            List.of(),
            1,
            3,
            null,
            null,
            null,
            null,
            "alice",
            NOW,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    Fact fact = new Fact.TaskChanged(change, view, null);
    offer(thread, new Post(Event.of(seq, fact, NOW, null, null), "e"));
  }

  private void answer(long seq, @Nullable LiveText live) {
    asked
        .remove()
        .complete(new ThreadHistory("th", List.of(), null, live, new LogPosition("e", seq)));
  }

  private static LiveText live(String text) {
    return new LiveText(new TaskId("t-1"), 1, text, text.length(), false);
  }

  @Test
  void whatComesBeforeTheHistoryIsSentAfterIt() {
    Followed thread = fresh(10);
    thread.live(false);
    change(thread, 12, TaskChange.RUNNING);
    say(thread, 0, "one");
    assertThat(sent).isEmpty();
    answer(11, null);
    say(thread, 3, "two");
    assertThat(sent).containsExactly("history", "12 running", "0:one", "3:two");
  }

  @Test
  void whatTheHistoryHasIsNotSentAgain() {
    Followed thread = fresh(10);
    thread.live(false);
    change(thread, 11, TaskChange.RUNNING);
    say(thread, 0, "one");
    say(thread, 3, "two");
    answer(11, live("onetwothree"));
    say(thread, 6, "three");
    say(thread, 11, "four");
    assertThat(sent).containsExactly("history onetwothree", "11:four");
  }

  @Test
  void aLateEventThatTheHistoryHasIsNotSentAgain() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(12, null);
    change(thread, 11, TaskChange.RUNNING);
    change(thread, 12, TaskChange.SUCCEEDED);
    change(thread, 13, "t-2", TaskChange.RUNNING);
    assertThat(sent).containsExactly("history", "13 running");
  }

  @Test
  void wordsThatAreTakenBackAreNotMistakenForOldOnes() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(11, live("a wrong word"));
    say(thread, 2, "right");
    say(thread, 7, " word");
    assertThat(sent).containsExactly("history a wrong word", "2:right", "7: word");
  }

  @Test
  void whoResumesGetsEventsFirstAndHistoryThen() {
    Followed thread = resuming(10);
    change(thread, 10, TaskChange.QUEUED);
    change(thread, 11, TaskChange.QUEUED);
    change(thread, 12, TaskChange.RUNNING);
    thread.live(false);
    change(thread, 13, TaskChange.RETRYING);
    say(thread, "t-1", 2, 0, "again");
    change(thread, 14, TaskChange.RUNNING);
    answer(13, null);
    change(thread, 14, TaskChange.RUNNING);
    assertThat(sent)
        .containsExactly(
            "11 queued", "12 running", "13 retrying", "history", "0:again", "14 running");
  }

  @Test
  void aPositionThatTheLogHasNotReachedIsAGap() {
    Followed thread = resuming(1000);
    thread.live(false);
    answer(12, null);
    change(thread, 13, TaskChange.RUNNING);
    assertThat(sent).containsExactly("gap ahead_of_head 12", "history", "13 running");
  }

  @Test
  void aLostPieceIsHealedByAllThereIs() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(10, null);
    change(thread, 11, TaskChange.RUNNING);
    say(thread, 0, "one");
    say(thread, 6, "three");
    assertThat(asked).hasSize(1);
    say(thread, 11, "four");
    answer(11, live("onetwothree"));
    say(thread, 15, "five");
    assertThat(sent)
        .containsExactly("history", "11 running", "0:one", "0:onetwothree", "11:four", "15:five");
  }

  @Test
  void aReaderThatLosesManyIsNotHealedForEachOfThem() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(10, live("one"));
    say(thread, 6, "three");
    answer(10, live("onetwothree"));
    say(thread, 19, "six");
    assertThat(asked).isEmpty();
    now += SECOND;
    say(thread, 22, "seven");
    answer(10, live("onetwothreefourfivesixseven"));
    say(thread, 40, "ten");
    now += SECOND;
    thread.tick();
    answer(10, live("all of it"));
    thread.tick();
    assertThat(asked).isEmpty();
    assertThat(sent)
        .containsExactly(
            "history one", "0:onetwothree", "0:onetwothreefourfivesixseven", "0:all of it");
  }

  @Test
  void aThreadWhoseStreamWasSetBackLooksWhatItHasMissed() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(11, live("one"));
    thread.live(false);
    assertThat(asked).isEmpty();
    thread.live(true);
    answer(11, live("one"));
    thread.live(true);
    answer(11, live("one two"));
    assertThat(sent).containsExactly("history one", "0:one two");
  }

  @Test
  void anEarlierAnswerIsNotTakenForTheLastOne() {
    Followed thread = fresh(10);
    thread.live(false);
    Promise<ThreadHistory> first = asked.remove();
    thread.live(false);
    assertThat(asked).isEmpty();
    thread.live(true);
    first.complete(new ThreadHistory("th", List.of(), null, live("old"), null));
    assertThat(sent).isEmpty();
    answer(10, live("new"));
    assertThat(sent).containsExactly("history new");
  }

  @Test
  void aTextThatNobodyKnowsForNowIsNotTakenForAnEmptyOne() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(10, live("one"));
    say(thread, 6, "three");
    asked
        .remove()
        .complete(
            new ThreadHistory(
                "th", List.of(), null, new LiveText(new TaskId("t-1"), 1, "", 0, true), null));
    say(thread, 0, "onetwothree");
    assertThat(sent).containsExactly("history one", "0:onetwothree");
  }

  @Test
  void whatIsOverIsNotSpokenOn() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(10, null);
    change(thread, 11, TaskChange.RUNNING);
    change(thread, 12, TaskChange.SUCCEEDED);
    say(thread, 0, "late");
    say(thread, "t-2", 1, 0, "next");
    change(thread, 13, "t-3", TaskChange.CANCELLED);
    say(thread, "t-2", 1, 4, "one");
    assertThat(sent)
        .containsExactly(
            "history", "11 running", "12 succeeded", "0:next", "13 cancelled", "4:one");
  }

  @Test
  void withoutAHistoryTheThreadIsNotFollowedButAHoleIsOnlyLateToHeal() {
    Followed thread = fresh(10);
    thread.live(false);
    asked.remove().fail("away");
    assertThat(sent).containsExactly("failed");
    sent.clear();
    Followed other = Followed.withoutHistory(client, () -> now, 10);
    change(other, 11, TaskChange.RUNNING);
    say(other, 3, "two");
    asked.remove().fail("away");
    change(other, 12, TaskChange.SUCCEEDED);
    assertThat(sent).containsExactly("11 running", "12 succeeded");
  }

  @Test
  void whatIsHeldIsBounded() {
    Followed thread = fresh(10);
    thread.live(false);
    change(thread, 11, TaskChange.RUNNING);
    for (int i = 0; i < 2 * Followed.MAX_HELD; i++) {
      say(thread, i, "x");
    }
    change(thread, 12, TaskChange.SUCCEEDED);
    answer(10, null);
    assertThat(sent).hasSizeLessThan(Followed.MAX_HELD + 5).endsWith("12 succeeded");
  }

  @Test
  void afterAGapTheStreamGoesOnWhereItSays() {
    Followed thread = fresh(10);
    thread.live(false);
    change(thread, 15, TaskChange.RUNNING);
    thread.missed(Gap.unknown(Gap.Cause.EPOCH_CHANGED, new Position("f", 3)));
    asked.remove().complete(new ThreadHistory("th", List.of(), null, null, null));
    change(thread, 4, TaskChange.RUNNING);
    assertThat(sent).containsExactly("history", "4 running");
  }

  @Test
  void aHoleInTheLogBeforeItsOwnPositionIsNoneOfTheThreads() {
    Followed thread = resuming(100);
    thread.missed(Gap.removed(6, 50, "e"));
    change(thread, 51, TaskChange.QUEUED);
    change(thread, 101, TaskChange.RUNNING);
    assertThat(sent).containsExactly("101 running");
  }

  @Test
  void aThreadThatIsNotFollowedAnyMoreSaysSoOnceAndThenNothing() {
    Followed thread = fresh(10);
    thread.live(false);
    thread.close();
    answer(10, null);
    thread.live(true);
    change(thread, 11, TaskChange.RUNNING);
    thread.close();
    assertThat(sent).containsExactly("overtaken");
    assertThat(asked).isEmpty();
  }

  @Test
  void whoHasTheHistoryIsToldNothingAtTheEnd() {
    Followed thread = fresh(10);
    thread.live(false);
    answer(10, null);
    thread.close();
    assertThat(sent).containsExactly("history");
  }
}
