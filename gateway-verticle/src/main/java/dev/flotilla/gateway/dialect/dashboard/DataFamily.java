package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.contract.CommandKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What `request_data` can ask for, and the command that answers. Its result is the `data`.
enum DataFamily {
  AGENT_STATUS("agent_status", CommandKind.AGENT_LIST),
  COORDINATION_STATUS("coordination_status", CommandKind.PRESENCE_LIST),
  INSTANCE_STATUS("instance_status", CommandKind.INSTANCE_LIST),
  NODE_STATUS("node_status", CommandKind.NODE_LIST),
  SYSTEM_STATUS("system_status", CommandKind.SYSTEM_GET),
  TASK_STATUS("task_status", CommandKind.TASK_LIST);

  private static final Map<String, DataFamily> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(DataFamily::wireName, Function.identity()));

  private final String wireName;
  private final CommandKind command;

  DataFamily(String wireName, CommandKind command) {
    this.wireName = wireName;
    this.command = command;
  }

  static Optional<DataFamily> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(DataFamily::wireName).sorted().toList();
  }

  String wireName() {
    return wireName;
  }

  /// One that only reads, whose params are the `params` of the request.
  CommandKind command() {
    return command;
  }
}
