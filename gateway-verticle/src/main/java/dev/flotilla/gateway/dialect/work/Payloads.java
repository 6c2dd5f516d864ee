package dev.flotilla.gateway.dialect.work;

import static dev.flotilla.gateway.dialect.work.Things.ifThere;
import static dev.flotilla.gateway.dialect.work.Things.seconds;

import dev.flotilla.contract.CommentFact;
import dev.flotilla.contract.DependencyFact;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.PeopleFact;
import dev.flotilla.contract.ProjectFact;
import dev.flotilla.contract.SprintFact;
import dev.flotilla.contract.TimeFact;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.work.v1.WorkProto.CommentAdded;
import dev.flotilla.work.v1.WorkProto.CommentDeleted;
import dev.flotilla.work.v1.WorkProto.CommentUpdated;
import dev.flotilla.work.v1.WorkProto.DependencyCreated;
import dev.flotilla.work.v1.WorkProto.DependencyDeleted;
import dev.flotilla.work.v1.WorkProto.ProjectCreated;
import dev.flotilla.work.v1.WorkProto.ProjectDeleted;
import dev.flotilla.work.v1.WorkProto.ProjectUpdated;
import dev.flotilla.work.v1.WorkProto.SprintCompleted;
import dev.flotilla.work.v1.WorkProto.SprintCreated;
import dev.flotilla.work.v1.WorkProto.SprintDeleted;
import dev.flotilla.work.v1.WorkProto.SprintStarted;
import dev.flotilla.work.v1.WorkProto.SprintUpdated;
import dev.flotilla.work.v1.WorkProto.TimeEntryDeleted;
import dev.flotilla.work.v1.WorkProto.TimeEntryStarted;
import dev.flotilla.work.v1.WorkProto.TimeEntryStopped;
import dev.flotilla.work.v1.WorkProto.TimeEntryUpdated;
import dev.flotilla.work.v1.WorkProto.UserPresence;
import dev.flotilla.work.v1.WorkProto.UserTyping;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WorkItemCreated;
import dev.flotilla.work.v1.WorkProto.WorkItemDeleted;
import dev.flotilla.work.v1.WorkProto.WorkItemMoved;
import dev.flotilla.work.v1.WorkProto.WorkItemUpdated;

/// Puts a fact into the envelope as its message.
final class Payloads {
  private final WebSocketMessage.Builder envelope;
  private final String actor;

  /// @param actor the user who caused it, empty where none did
  Payloads(WebSocketMessage.Builder envelope, String actor) {
    this.envelope = envelope;
    this.actor = actor;
  }

  void put(WorkFact fact) {
    switch (fact) {
      case ProjectFact project -> put(project);
      case ItemFact item -> put(item);
      case SprintFact sprint -> put(sprint);
      case CommentFact comment -> put(comment);
      case TimeFact time -> put(time);
      case DependencyFact dependency -> put(dependency);
      case PeopleFact people -> put(people);
    }
  }

  void put(Fact.PresenceChanged presence) {
    envelope.setUserPresence(
        UserPresence.newBuilder()
            .setUserId(presence.user().value())
            .setStatus(Things.status(presence.status())));
  }

  private void put(ProjectFact fact) {
    switch (fact) {
      case ProjectFact.Created(var project) ->
          envelope.setProjectCreated(
              ProjectCreated.newBuilder().setProject(Things.project(project)).setUserId(actor));
      case ProjectFact.Updated(var project, var changes) ->
          envelope.setProjectUpdated(
              ProjectUpdated.newBuilder()
                  .setProject(Things.project(project))
                  .addAllChanges(Things.changes(changes))
                  .setUserId(actor));
      case ProjectFact.Deleted(var project) ->
          envelope.setProjectDeleted(
              ProjectDeleted.newBuilder().setProjectId(project.value()).setUserId(actor));
    }
  }

  private void put(ItemFact fact) {
    switch (fact) {
      case ItemFact.Created(var item) ->
          envelope.setWorkItemCreated(
              WorkItemCreated.newBuilder().setWorkItem(Things.item(item)).setUserId(actor));
      case ItemFact.Updated(var item, var changes) ->
          envelope.setWorkItemUpdated(
              WorkItemUpdated.newBuilder()
                  .setWorkItem(Things.item(item))
                  .addAllChanges(Things.changes(changes))
                  .setUserId(actor));
      case ItemFact.Deleted(var project, var sprint, var item) -> {
        WorkItemDeleted.Builder out =
            envelope
                .getWorkItemDeletedBuilder()
                .setWorkItemId(item.value())
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case ItemFact.Moved moved -> {
        WorkItemMoved.Builder out =
            envelope
                .getWorkItemMovedBuilder()
                .setWorkItemId(moved.workItemId().value())
                .setNewPosition(moved.newPosition())
                .setUserId(actor)
                .setProjectId(moved.projectId().value());
        ifThere(moved.newParentId(), id -> out.setNewParentId(id.value()));
        ifThere(moved.newSprintId(), id -> out.setNewSprintId(id.value()));
        ifThere(moved.oldParentId(), id -> out.setOldParentId(id.value()));
        ifThere(moved.oldSprintId(), id -> out.setOldSprintId(id.value()));
        ifThere(moved.newRank(), out::setNewRank);
        ifThere(moved.revision(), out::setRevision);
      }
    }
  }

  private void put(SprintFact fact) {
    switch (fact) {
      case SprintFact.Created(var sprint) ->
          envelope.setSprintCreated(
              SprintCreated.newBuilder().setSprint(Things.sprint(sprint)).setUserId(actor));
      case SprintFact.Updated(var sprint, var changes) ->
          envelope.setSprintUpdated(
              SprintUpdated.newBuilder()
                  .setSprint(Things.sprint(sprint))
                  .addAllChanges(Things.changes(changes))
                  .setUserId(actor));
      case SprintFact.Deleted(var project, var sprint) ->
          envelope.setSprintDeleted(
              SprintDeleted.newBuilder()
                  .setSprintId(sprint.value())
                  .setUserId(actor)
                  .setProjectId(project.value()));
      case SprintFact.Started(var project, var sprint, var start, var end) -> {
        SprintStarted.Builder out =
            envelope
                .getSprintStartedBuilder()
                .setSprintId(sprint.value())
                .setStartDate(seconds(start))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(end, at -> out.setEndDate(seconds(at)));
      }
      case SprintFact.Completed(var project, var sprint, var end, var stats) ->
          envelope.setSprintCompleted(
              SprintCompleted.newBuilder()
                  .setSprintId(sprint.value())
                  .setEndDate(seconds(end))
                  .setStats(Things.stats(stats))
                  .setUserId(actor)
                  .setProjectId(project.value()));
    }
  }

  private void put(CommentFact fact) {
    switch (fact) {
      case CommentFact.Added(var project, var sprint, var comment) -> {
        CommentAdded.Builder out =
            envelope
                .getCommentAddedBuilder()
                .setComment(Things.comment(comment))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case CommentFact.Updated(var project, var sprint, var comment) -> {
        CommentUpdated.Builder out =
            envelope
                .getCommentUpdatedBuilder()
                .setComment(Things.comment(comment))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case CommentFact.Deleted(var project, var sprint, var item, var comment) -> {
        CommentDeleted.Builder out =
            envelope
                .getCommentDeletedBuilder()
                .setCommentId(comment.value())
                .setWorkItemId(item.value())
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
    }
  }

  private void put(TimeFact fact) {
    switch (fact) {
      case TimeFact.Started(var project, var sprint, var entry) -> {
        TimeEntryStarted.Builder out =
            envelope
                .getTimeEntryStartedBuilder()
                .setTimeEntry(Things.timeEntry(entry))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case TimeFact.Stopped(var project, var sprint, var entry) -> {
        TimeEntryStopped.Builder out =
            envelope
                .getTimeEntryStoppedBuilder()
                .setTimeEntry(Things.timeEntry(entry))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case TimeFact.Updated(var project, var sprint, var entry) -> {
        TimeEntryUpdated.Builder out =
            envelope
                .getTimeEntryUpdatedBuilder()
                .setTimeEntry(Things.timeEntry(entry))
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
      case TimeFact.Deleted(var project, var sprint, var item, var entry) -> {
        TimeEntryDeleted.Builder out =
            envelope
                .getTimeEntryDeletedBuilder()
                .setTimeEntryId(entry.value())
                .setWorkItemId(item.value())
                .setUserId(actor)
                .setProjectId(project.value());
        ifThere(sprint, id -> out.setSprintId(id.value()));
      }
    }
  }

  private void put(DependencyFact fact) {
    switch (fact) {
      case DependencyFact.Created(var dependency, var places) ->
          envelope.setDependencyCreated(
              DependencyCreated.newBuilder()
                  .setDependency(Things.dependency(dependency))
                  .setUserId(actor)
                  .addAllPlaces(Things.places(places)));
      case DependencyFact.Deleted(var id, var blocking, var blocked, var places) ->
          envelope.setDependencyDeleted(
              DependencyDeleted.newBuilder()
                  .setDependencyId(id.value())
                  .setBlockingItemId(blocking.value())
                  .setBlockedItemId(blocked.value())
                  .setUserId(actor)
                  .addAllPlaces(Things.places(places)));
    }
  }

  private void put(PeopleFact fact) {
    switch (fact) {
      case PeopleFact.AtItem at -> {
        UserPresence.Builder out =
            envelope
                .getUserPresenceBuilder()
                .setUserId(at.userId().value())
                .setStatus(Things.status(at.status()))
                .setProjectId(at.projectId().value())
                .setWorkItemId(at.workItemId().value());
        ifThere(at.sprintId(), id -> out.setSprintId(id.value()));
        if (at.viewing()) {
          out.setViewingItemId(at.workItemId().value());
        }
        if (at.editing()) {
          out.setEditingItemId(at.workItemId().value());
        }
      }
      case PeopleFact.Typing typing -> {
        UserTyping.Builder out =
            envelope
                .getUserTypingBuilder()
                .setUserId(typing.userId().value())
                .setWorkItemId(typing.workItemId().value())
                .setIsTyping(typing.typing())
                .setProjectId(typing.projectId().value());
        ifThere(typing.sprintId(), id -> out.setSprintId(id.value()));
      }
    }
  }
}
