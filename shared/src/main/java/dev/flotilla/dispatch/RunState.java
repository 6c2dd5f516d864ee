package dev.flotilla.dispatch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.flotilla.contract.Result.TaskOutcome;

/// How a run is, as the owner of its link knows it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunState.Going.class, name = "going"),
  @JsonSubTypes.Type(value = RunState.Unreachable.class, name = "unreachable"),
  @JsonSubTypes.Type(value = RunState.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = RunState.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = RunState.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunState.Aborted.class, name = "aborted")
})
public sealed interface RunState {

  /// The instance works on it, or the owner is finding that out.
  record Going() implements RunState {}

  /// The link is down or owned by another node. Whether the run goes on is not known; ask again.
  ///
  /// @param untried true where nobody has tried to reach the instance yet, so that this says
  /// nothing
  ///     of it
  record Unreachable(String reason, boolean untried) implements RunState {
    public Unreachable(String reason) {
      this(reason, false);
    }
  }

  /// The instance has not taken the run and certainly does not work on it.
  record Refused(String reason) implements RunState {}

  record Succeeded(TaskOutcome outcome) implements RunState {}

  /// @param retryable whether another attempt could end otherwise
  record Failed(String reason, String message, boolean retryable) implements RunState {}

  /// The run was ended before its end, by us or by somebody at the instance.
  record Aborted(String reason) implements RunState {}
}
