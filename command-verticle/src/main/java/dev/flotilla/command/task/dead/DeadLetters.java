package dev.flotilla.command.task.dead;

import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TaskId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which dead letters are meant; null for any.
record DeadLetters(
    @Nullable List<TaskId> ids,
    @Nullable String reason,
    @Nullable Priority priority,
    @Nullable String label,
    @Nullable String session,
    @Nullable String schedule,
    @Nullable Instant since,
    @Nullable Instant until) {

  static DeadLetters of(QueueCommand.DeadLetterList c) {
    return new DeadLetters(
        null, c.reason(), c.priority(), c.label(), c.session(), c.schedule(), c.since(), c.until());
  }

  static DeadLetters of(QueueCommand.DeadLetterReplay c) {
    return new DeadLetters(
            c.ids(),
            c.reason(),
            c.priority(),
            c.label(),
            c.session(),
            c.schedule(),
            c.since(),
            c.until())
        .meant(c.all());
  }

  static DeadLetters of(QueueCommand.DeadLetterPurge c) {
    return new DeadLetters(
            c.ids(),
            c.reason(),
            c.priority(),
            c.label(),
            c.session(),
            c.schedule(),
            c.since(),
            c.until())
        .meant(c.all());
  }

  /// Nobody means all of them by saying nothing.
  private DeadLetters meant(@Nullable Boolean all) {
    boolean any =
        ids == null
            && reason == null
            && priority == null
            && label == null
            && session == null
            && schedule == null
            && since == null
            && until == null;
    if (any && !Boolean.TRUE.equals(all)) {
      throw Fault.invalid("all", "Say which, or all: true.").asException();
    }
    if (!any && Boolean.TRUE.equals(all)) {
      throw Fault.invalid("all", "Say which, or all: true, not both.").asException();
    }
    return this;
  }

  String @Nullable [] idTexts() {
    return ids == null ? null : ids.stream().map(TaskId::value).toArray(String[]::new);
  }

  @Nullable String priorityText() {
    return priority == null ? null : priority.wireName();
  }

  @Nullable OffsetDateTime sinceTime() {
    return since == null ? null : since.atOffset(ZoneOffset.UTC);
  }

  @Nullable OffsetDateTime untilTime() {
    return until == null ? null : until.atOffset(ZoneOffset.UTC);
  }
}
