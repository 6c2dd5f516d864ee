package dev.flotilla.gateway.dialect.work;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.DependencyType;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.contract.ItemPlace;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SprintStats;
import dev.flotilla.contract.SprintStatus;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkItemType;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.work.v1.WorkProto;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The things that events carry, as protobuf. Instants become seconds.
final class Things {
  private static final Pattern UPPER = Pattern.compile("[A-Z]");

  private Things() {}

  static WorkProto.WorkItem item(WorkItem item) {
    WorkProto.WorkItem.Builder out =
        WorkProto.WorkItem.newBuilder()
            .setId(item.id().value())
            .setProjectId(item.projectId().value())
            .setItemType(type(item.itemType()))
            .setTitle(item.title())
            .setStatus(item.status())
            .setPriority(priority(item.priority()))
            .setPosition(item.position())
            .addAllLabels(item.labels())
            .setCreatedAt(seconds(item.createdAt()))
            .setCreatedBy(item.createdBy().value())
            .setUpdatedAt(seconds(item.updatedAt()))
            .setUpdatedBy(item.updatedBy().value());
    ifThere(item.sprintId(), id -> out.setSprintId(id.value()));
    ifThere(item.parentId(), id -> out.setParentId(id.value()));
    ifThere(item.assigneeId(), id -> out.setAssigneeId(id.value()));
    ifThere(item.storyPoints(), out::setStoryPoints);
    ifThere(item.description(), out::setDescription);
    ifThere(item.rank(), out::setRank);
    ifThere(item.revision(), out::setRevision);
    return out.build();
  }

  static WorkProto.Sprint sprint(Sprint sprint) {
    WorkProto.Sprint.Builder out =
        WorkProto.Sprint.newBuilder()
            .setId(sprint.id().value())
            .setProjectId(sprint.projectId().value())
            .setName(sprint.name())
            .setStatus(status(sprint.status()))
            .setCreatedAt(seconds(sprint.createdAt()))
            .setCreatedBy(sprint.createdBy().value())
            .setUpdatedAt(seconds(sprint.updatedAt()))
            .setUpdatedBy(sprint.updatedBy().value());
    ifThere(sprint.goal(), out::setGoal);
    ifThere(sprint.startDate(), at -> out.setStartDate(seconds(at)));
    ifThere(sprint.endDate(), at -> out.setEndDate(seconds(at)));
    ifThere(sprint.revision(), out::setRevision);
    return out.build();
  }

  static WorkProto.SprintStats stats(SprintStats stats) {
    return WorkProto.SprintStats.newBuilder()
        .setTotalItems(stats.totalItems())
        .setCompletedItems(stats.completedItems())
        .setTotalPoints(stats.totalPoints())
        .setCompletedPoints(stats.completedPoints())
        .setTimeSpentSeconds(stats.timeSpentSeconds())
        .build();
  }

  static WorkProto.Comment comment(Comment comment) {
    WorkProto.Comment.Builder out =
        WorkProto.Comment.newBuilder()
            .setId(comment.id().value())
            .setWorkItemId(comment.workItemId().value())
            .setContent(comment.content())
            .setCreatedAt(seconds(comment.createdAt()))
            .setCreatedBy(comment.createdBy().value());
    ifThere(comment.updatedAt(), at -> out.setUpdatedAt(seconds(at)));
    ifThere(comment.revision(), out::setRevision);
    return out.build();
  }

  static WorkProto.TimeEntry timeEntry(TimeEntry entry) {
    WorkProto.TimeEntry.Builder out =
        WorkProto.TimeEntry.newBuilder()
            .setId(entry.id().value())
            .setWorkItemId(entry.workItemId().value())
            .setUserId(entry.userId().value())
            .setStartedAt(seconds(entry.startedAt()))
            .setCreatedAt(seconds(entry.createdAt()));
    ifThere(entry.endedAt(), at -> out.setEndedAt(seconds(at)));
    ifThere(entry.durationSeconds(), out::setDurationSeconds);
    ifThere(entry.description(), out::setDescription);
    ifThere(entry.revision(), out::setRevision);
    return out.build();
  }

  static WorkProto.Project project(Project project) {
    WorkProto.Project.Builder out =
        WorkProto.Project.newBuilder()
            .setId(project.id().value())
            .setName(project.name())
            .addAllStatuses(project.statuses())
            .addAllDoneStatuses(project.doneStatuses())
            .setCreatedAt(seconds(project.createdAt()))
            .setCreatedBy(project.createdBy().value())
            .setUpdatedAt(seconds(project.updatedAt()))
            .setUpdatedBy(project.updatedBy().value())
            .setRevision(project.revision());
    ifThere(project.description(), out::setDescription);
    return out.build();
  }

  static WorkProto.Dependency dependency(Dependency dependency) {
    return WorkProto.Dependency.newBuilder()
        .setId(dependency.id().value())
        .setBlockingItemId(dependency.blockingItemId().value())
        .setBlockedItemId(dependency.blockedItemId().value())
        .setDependencyType(type(dependency.dependencyType()))
        .setCreatedAt(seconds(dependency.createdAt()))
        .setCreatedBy(dependency.createdBy().value())
        .build();
  }

  static List<WorkProto.ItemPlace> places(List<ItemPlace> places) {
    return places.stream().map(Things::place).toList();
  }

  private static WorkProto.ItemPlace place(ItemPlace place) {
    WorkProto.ItemPlace.Builder out =
        WorkProto.ItemPlace.newBuilder()
            .setProjectId(place.projectId().value())
            .setWorkItemId(place.workItemId().value());
    ifThere(place.sprintId(), id -> out.setSprintId(id.value()));
    return out.build();
  }

  static List<WorkProto.FieldChange> changes(List<FieldChange> changes) {
    return changes.stream().map(Things::change).toList();
  }

  private static WorkProto.FieldChange change(FieldChange change) {
    WorkProto.FieldChange.Builder out =
        WorkProto.FieldChange.newBuilder().setFieldName(snake(change.fieldName()));
    ifThere(change.oldValue(), out::setOldValue);
    ifThere(change.newValue(), out::setNewValue);
    return out.build();
  }

  static WorkProto.PresenceStatus status(PresenceStatus status) {
    return switch (status) {
      case ONLINE -> WorkProto.PresenceStatus.PRESENCE_STATUS_ONLINE;
      case OFFLINE -> WorkProto.PresenceStatus.PRESENCE_STATUS_OFFLINE;
    };
  }

  static long seconds(Instant at) {
    return at.getEpochSecond();
  }

  static <T> void ifThere(@Nullable T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }

  /// A field's name in the records, as it is in the proto: `assigneeId` is `assignee_id`.
  static String snake(String camel) {
    return UPPER.matcher(camel).replaceAll("_$0").toLowerCase(Locale.ROOT);
  }

  private static WorkProto.WorkItemType type(WorkItemType type) {
    return switch (type) {
      case EPIC -> WorkProto.WorkItemType.WORK_ITEM_TYPE_EPIC;
      case STORY -> WorkProto.WorkItemType.WORK_ITEM_TYPE_STORY;
      case TASK -> WorkProto.WorkItemType.WORK_ITEM_TYPE_TASK;
      case SUBTASK -> WorkProto.WorkItemType.WORK_ITEM_TYPE_SUBTASK;
      case BUG -> WorkProto.WorkItemType.WORK_ITEM_TYPE_BUG;
    };
  }

  private static WorkProto.WorkItemPriority priority(Priority priority) {
    return switch (priority) {
      case CRITICAL -> WorkProto.WorkItemPriority.WORK_ITEM_PRIORITY_CRITICAL;
      case HIGH -> WorkProto.WorkItemPriority.WORK_ITEM_PRIORITY_HIGH;
      case MEDIUM -> WorkProto.WorkItemPriority.WORK_ITEM_PRIORITY_MEDIUM;
      case LOW -> WorkProto.WorkItemPriority.WORK_ITEM_PRIORITY_LOW;
    };
  }

  private static WorkProto.SprintStatus status(SprintStatus status) {
    return switch (status) {
      case PLANNED -> WorkProto.SprintStatus.SPRINT_STATUS_PLANNED;
      case ACTIVE -> WorkProto.SprintStatus.SPRINT_STATUS_ACTIVE;
      case COMPLETED -> WorkProto.SprintStatus.SPRINT_STATUS_COMPLETED;
    };
  }

  private static WorkProto.DependencyType type(DependencyType type) {
    return switch (type) {
      case BLOCKS -> WorkProto.DependencyType.DEPENDENCY_TYPE_BLOCKS;
      case RELATES -> WorkProto.DependencyType.DEPENDENCY_TYPE_RELATES;
      case DUPLICATES -> WorkProto.DependencyType.DEPENDENCY_TYPE_DUPLICATES;
    };
  }
}
