package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.TASK_BATCH;
import static dev.flotilla.contract.CommandKind.THREAD_ABORT;
import static dev.flotilla.contract.CommandKind.THREAD_LIST;
import static dev.flotilla.contract.CommandKind.THREAD_SEARCH;
import static dev.flotilla.contract.CommandKind.THREAD_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.QueueResult.TaskBatch;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.contract.ThreadResult.ThreadHit;
import dev.flotilla.contract.ThreadResult.ThreadHits;
import dev.flotilla.contract.ThreadResult.ThreadPage;
import dev.flotilla.contract.ThreadResult.ThreadView;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationsIT {
  private static final Principal MALLORY = principal("evil", "mallory", Role.ADMIN);

  private final CommandFleet fleet = CommandFleet.of("n1");

  @AfterEach
  void close() {
    fleet.close();
  }

  private TaskView say(String thread, String prompt) {
    return fleet.create(ALICE, Map.of("prompt", prompt, "session", thread));
  }

  private TaskView answered(String thread, String prompt, String answer) {
    TaskView task = say(thread, prompt);
    fleet.awaitStarted(prompt);
    fleet.registry.end(
        task.id() + ".1", new RunState.Succeeded(new TaskOutcome(answer, null, null, null, null)));
    return fleet.awaitState(task.id(), TaskState.SUCCEEDED);
  }

  private ThreadPage list(Principal who, Map<String, Object> params) {
    return fleet.ask(who, THREAD_LIST, params, null, ThreadPage.class);
  }

  private ThreadHits search(Principal who, String words, Map<String, Object> more) {
    Map<String, Object> params = new HashMap<>(more);
    params.put("q", words);
    return fleet.ask(who, THREAD_SEARCH, params, null, ThreadHits.class);
  }

  private List<String> found(String words) {
    return search(ALICE, words, Map.of()).items().stream().map(ThreadHit::thread).toList();
  }

  private TaskView abort(String thread, String key) {
    return fleet.ask(ALICE, THREAD_ABORT, Map.of("thread", thread), key, TaskView.class);
  }

  private @Nullable Reason refused(Principal who, String thread, String key) {
    return fleet.refused(who, THREAD_ABORT, Map.of("thread", thread), key).reason();
  }

  @Test
  void conversationsAreListedByTheirNewestMessage() {
    TaskView first = answered("monday", "How is the disk?", "Full.");
    say("tuesday", "Good morning\nto you");
    fleet.awaitStarted("Good morning\nto you");
    TaskView again = say("monday", "And now?");
    fleet.awaitStarted("And now?");
    ThreadPage page = list(ALICE, Map.of());
    assertThat(page.items()).extracting(ThreadView::thread).containsExactly("monday", "tuesday");
    ThreadView monday = page.items().getFirst();
    assertThat(monday.title()).isEqualTo("How is the disk?");
    assertThat(monday.messages()).isEqualTo(2);
    assertThat(monday.running()).isEqualTo(again.id());
    assertThat(monday.instance()).isEqualTo(ScriptedRegistry.INSTANCE);
    assertThat(monday.begunAt()).isEqualTo(first.createdAt());
    assertThat(monday.lastAt()).isEqualTo(again.createdAt());
    ThreadPage one = list(ALICE, Map.of("limit", 1));
    assertThat(one.items()).extracting(ThreadView::thread).containsExactly("monday");
    assertThat(
            list(ALICE, Map.of("cursor", String.valueOf(one.nextCursor()))).items().stream()
                .map(ThreadView::thread))
        .containsExactly("tuesday");
    assertThat(list(MALLORY, Map.of()).items()).isEmpty();
  }

  @Test
  void manyMessagesOfOneBatchCountEach() {
    List<Map<String, Object>> tasks =
        List.of(
            Map.of("prompt", "one", "session", "b"),
            Map.of("prompt", "two", "session", "a"),
            Map.of("prompt", "alone"),
            Map.of("prompt", "three", "session", "b"));
    fleet.ask(ALICE, TASK_BATCH, Map.of("tasks", tasks), "batch", TaskBatch.class);
    assertThat(list(ALICE, Map.of()).items())
        .extracting(ThreadView::thread, ThreadView::messages, ThreadView::title)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b", 2L, "one"),
            org.assertj.core.groups.Tuple.tuple("a", 1L, "two"));
  }

  @Test
  void aTitleIsChangedByWhoeverMayWriteAndOnlyInTheirTenant() {
    say("named", "a long question");
    Map<String, Object> name = Map.of("thread", "named", "title", "The outage");
    assertThat(fleet.refused(MALLORY, THREAD_UPDATE, name, "m").reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.ask(ALICE, THREAD_UPDATE, name, "a", ThreadView.class).title())
        .isEqualTo("The outage");
    say("named", "another question");
    assertThat(list(ALICE, Map.of()).items().getFirst().title()).isEqualTo("The outage");
  }

  @Test
  void theSearchFindsMessagesAndAnswersByTheirWords() {
    answered("disks", "Why is the volume full?", "A log file has grown.");
    answered("people", "Who is on call?", "Ann, from the volume team.");
    say("running", "Is the volume back?");
    assertThat(found("volume")).containsExactly("people", "disks");
    assertThat(found("volume full")).containsExactly("disks");
    assertThat(found("\"log file\"")).containsExactly("disks");
    assertThat(found("volume -ann")).containsExactly("disks");
    assertThat(found("nothing-like-it")).isEmpty();
    ThreadHits one = search(ALICE, "volume", Map.of("limit", 1));
    ThreadHit hit = one.items().getFirst();
    assertThat(hit.excerpt()).contains("volume team");
    assertThat(hit.title()).isEqualTo("Who is on call?");
    assertThat(
            search(ALICE, "volume", Map.of("cursor", String.valueOf(one.nextCursor())))
                .items()
                .stream()
                .map(ThreadHit::thread))
        .containsExactly("disks");
    assertThat(search(ALICE, "volume", Map.of("thread", "disks")).items()).hasSize(1);
    assertThat(search(MALLORY, "volume", Map.of()).items()).isEmpty();
  }

  @Test
  void aVeryLongTextIsFoundByItsBeginning() {
    answered("long", "The beginning. " + "wörter ".repeat(9_000), "äöü ".repeat(30_000));
    assertThat(found("beginning")).containsExactly("long");
  }

  @Test
  void anAbortEndsWhatIsBeingSaidAndThenWhatWaits() {
    TaskView running = say("talk", "tell me a lot");
    fleet.awaitStarted("tell me a lot");
    TaskView waiting = say("talk", "and then?");
    assertThat(refused(MALLORY, "talk", "m")).isEqualTo(Reason.NOT_FOUND);
    assertThat(abort("talk", "a1").id()).isEqualTo(running.id());
    fleet.awaitState(running.id(), TaskState.CANCELLED);
    fleet.awaitStarted("and then?");
    assertThat(abort("talk", "a2").id()).isEqualTo(waiting.id());
    fleet.awaitState(waiting.id(), TaskState.CANCELLED);
    assertThat(refused(ALICE, "talk", "a3")).isEqualTo(Reason.WRONG_STATE);
    assertThat(refused(ALICE, "nowhere", "a4")).isEqualTo(Reason.NOT_FOUND);
  }
}
