package dev.flotilla.registry.link;

import dev.flotilla.contract.AgentStatus;
import org.jspecify.annotations.Nullable;

/// What an agent is doing for a run that goes on.
///
/// @param tool which tool it uses, by the name that the instance gives it
public record Doing(AgentStatus status, @Nullable String tool) {
  public static final Doing WORKING = new Doing(AgentStatus.WORKING, null);
  public static final Doing STREAMING = new Doing(AgentStatus.STREAMING, null);

  public static Doing using(String tool) {
    return new Doing(AgentStatus.TOOL, tool);
  }
}
