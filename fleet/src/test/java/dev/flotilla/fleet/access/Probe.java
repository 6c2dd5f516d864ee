package dev.flotilla.fleet.access;

import dev.flotilla.contract.CommandKind;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// What a stranger tries with a command.
///
/// @param pairs params that name something of the victim's, each with the same for something that
///     nobody has: the answers must not tell them apart
/// @param own params of the stranger's own, which may work, but show and change nothing of others
record Probe(List<Pair> pairs, List<JsonObject> own) {

  /// @param absent the same with [#NOBODYS] in the id's place
  record Pair(JsonObject victims, JsonObject absent, String id) {}

  static final String NOBODYS = "nobody-has-this";

  /// The same where ids are UUIDs.
  static final String NOBODYS_UUID = "00000000-0000-7000-8000-000000000000";

  /// The field names the victim's.
  static Probe naming(String field, String id, String more) {
    JsonObject rest = new JsonObject(more);
    return new Probe(
        List.of(new Pair(rest.copy().put(field, id), rest.copy().put(field, NOBODYS), id)),
        List.of());
  }

  private static Probe namingUuid(String id) {
    return new Probe(
        List.of(
            new Pair(new JsonObject().put("id", id), new JsonObject().put("id", NOBODYS_UUID), id)),
        List.of());
  }

  static Probe naming(String field, String id) {
    return naming(field, id, "{}");
  }

  static Probe own(String... params) {
    return new Probe(List.of(), java.util.Arrays.stream(params).map(JsonObject::new).toList());
  }

  Probe and(Probe other) {
    return new Probe(
        java.util.stream.Stream.concat(pairs.stream(), other.pairs.stream()).toList(),
        java.util.stream.Stream.concat(own.stream(), other.own.stream()).toList());
  }

  /// The table of probes. It has no default: a command without one does not compile.
  static Probe of(CommandKind kind, Victim victim) {
    return switch (kind) {
      case TASK_CREATE ->
          own("{\"prompt\":\"x\",\"session\":\"" + victim.thread() + "\"}")
              .and(
                  naming("after", "", "{}")
                      .replaced("{\"prompt\":\"x\",\"after\":[\"%s\"]}", victim.task()));
      case TASK_GET, TASK_ATTEMPTS, TASK_CANCEL, TASK_RETRY -> naming("id", victim.task());
      case TASK_WAIT -> naming("id", victim.task(), "{\"timeoutMs\":1}");
      case TASK_LIST ->
          own(
              "{}",
              "{\"label\":\"" + victim.label() + "\"}",
              "{\"session\":\"" + victim.thread() + "\"}",
              "{\"schedule\":\"" + victim.schedule() + "\"}");
      case TASK_BATCH -> own("{\"tasks\":[{\"prompt\":\"x\"}]}");
      case DEAD_LETTER_LIST -> own("{}", "{\"label\":\"" + victim.label() + "\"}");
      case DEAD_LETTER_REPLAY -> own("{\"all\":true}", "{\"ids\":[\"" + victim.task() + "\"]}");
      case DEAD_LETTER_PURGE -> own("{\"ids\":[\"" + victim.task() + "\"],\"dryRun\":true}");
      case QUEUE_STATS -> own("{}");
      case QUEUE_PAUSE, QUEUE_RESUME ->
          naming("tenant", victim.tenant()).and(own("{\"priority\":\"low\"}"));
      case QUEUE_POLICY_GET -> naming("tenant", victim.tenant()).and(own("{}"));
      case QUEUE_POLICY_SET -> naming("tenant", victim.tenant(), "{\"weight\":2}");
      case SCHEDULE_CREATE ->
          own(
              "{\"id\":\""
                  + victim.schedule()
                  + "\",\"cron\":\"0 0 1 1 *\",\"task\":{\"prompt\":\"x\"}}",
              "{\"id\":\"mine\",\"cron\":\"0 0 1 1 *\",\"task\":{\"prompt\":\"x\"}}");
      case SCHEDULE_GET, SCHEDULE_DELETE -> naming("id", victim.schedule());
      case SCHEDULE_UPDATE -> naming("id", victim.schedule(), "{\"enabled\":false}");
      case SCHEDULE_LIST, AGENT_LIST, INSTANCE_LIST, NODE_LIST, SYSTEM_GET, PRESENCE_LIST ->
          own("{}");
      case THREAD_HISTORY -> own("{\"thread\":\"" + victim.thread() + "\"}");
      case THREAD_LIST -> own("{}");
      case THREAD_SEARCH -> own("{\"q\":\"" + victim.thread() + "\"}");
      case THREAD_UPDATE -> naming("thread", victim.thread(), "{\"title\":\"mine\"}");
      case THREAD_ABORT -> naming("thread", victim.thread());
      case RETENTION_GET -> naming("tenant", victim.tenant()).and(own("{}"));
      case RETENTION_SET -> naming("tenant", victim.tenant(), "{\"kind\":\"audit\"}");
      // An id that is taken is refused, whoever has it: docs/adr/0006.
      case INSTANCE_REGISTER ->
          own("{\"id\":\"strangers\",\"url\":\"ws://127.0.0.1:9\",\"token\":\"x-y-z\"}");
      case INSTANCE_GET, INSTANCE_REMOVE -> naming("id", victim.instance());
      case INSTANCE_UPDATE -> naming("id", victim.instance(), "{\"region\":\"eu\"}");
      case INSTANCE_TEST,
          INSTANCE_CREDENTIAL_REVOKE,
          INSTANCE_CORDON,
          INSTANCE_UNCORDON,
          INSTANCE_DRAIN ->
          naming("id", victim.instance());
      case AGENT_CATALOG, MODEL_LIST, SESSION_LIST, APPROVAL_LIST, CRON_LIST ->
          naming("instance", victim.instance()).and(own("{}"));
      case SESSION_HISTORY, CHAT_ABORT ->
          naming("instance", victim.instance(), "{\"key\":\"agent:main:main\"}");
      case APPROVAL_RESOLVE ->
          naming("instance", victim.instance(), "{\"id\":\"a-1\",\"decision\":\"deny\"}");
      case CRON_ADD ->
          naming(
              "instance",
              victim.instance(),
              "{\"name\":\"x\",\"message\":\"x\",\"everyMs\":3600000}");
      case INSTANCE_RESTART -> naming("instance", victim.instance());
      case CRON_UPDATE ->
          naming("instance", victim.instance(), "{\"id\":\"j-1\",\"enabled\":false}");
      case CRON_REMOVE, CRON_RUN -> naming("instance", victim.instance(), "{\"id\":\"j-1\"}");
      case INSTANCE_CALL -> naming("instance", victim.instance(), "{\"method\":\"status\"}");
      case ROUTE_EXPLAIN ->
          naming("tenant", victim.tenant()).and(own("{\"session\":\"" + victim.thread() + "\"}"));
      case ROUTE_POLICY_GET -> naming("tenant", victim.tenant()).and(own("{}"));
      case ROUTE_POLICY_SET -> naming("tenant", victim.tenant(), "{\"region\":\"eu\"}");
      case TOPOLOGY_GET, WEBHOOK_LIST, NODE_CHECKUP -> own("{}");
      case TASK_POSITION -> naming("id", victim.task());
      case WEBHOOK_CREATE ->
          own("{\"url\":\"https://example.com/x\",\"secret\":\"0123456789abcdef\"}");
      case WEBHOOK_DELETE -> naming("id", victim.webhook());
      case ALERT_RAISE -> own("{\"message\":\"x\"}");
      case USER_CREATE ->
          naming("tenant", victim.tenant(), "{\"id\":\"spy\",\"roles\":[\"viewer\"]}")
              .and(own("{\"id\":\"" + victim.user() + "\",\"roles\":[\"viewer\"]}"));
      case USER_GET ->
          naming("tenant", victim.tenant(), "{\"id\":\"" + victim.user() + "\"}")
              .and(naming("id", victim.onlyUser()));
      case USER_LIST -> naming("tenant", victim.tenant()).and(own("{}"));
      case USER_UPDATE ->
          naming("tenant", victim.tenant(), "{\"id\":\"" + victim.user() + "\"}")
              .and(naming("id", victim.onlyUser(), "{\"enabled\":false}"));
      case USER_DISABLE ->
          naming("tenant", victim.tenant(), "{\"id\":\"" + victim.user() + "\"}")
              .and(naming("id", victim.onlyUser()));
      case USER_REVOKE ->
          naming("tenant", victim.tenant(), "{\"id\":\"" + victim.user() + "\"}")
              .and(naming("id", victim.onlyUser()));
      case LOGIN_LIST -> own("{}", "{\"user\":\"" + victim.onlyUser() + "\"}");
      case LOGIN_REVOKE -> namingUuid(victim.session());
      case API_KEY_CREATE -> own("{\"name\":\"x\",\"scopes\":[\"tasks.read\"]}");
      case API_KEY_LIST -> own("{}");
      case API_KEY_REVOKE -> namingUuid(victim.key());
      case AUDIT_LIST -> own("{}", "{\"actor\":\"" + victim.onlyUser() + "\"}", "{\"limit\":200}");
      case TENANT_CREATE -> naming("id", victim.tenant(), "{\"name\":\"x\"}");
      case TENANT_LIST -> own("{}");
      case TENANT_GET, TENANT_SUSPEND, TENANT_RESUME, TENANT_EXPORT ->
          naming("id", victim.tenant());
      case TENANT_UPDATE -> naming("id", victim.tenant(), "{\"maxUsers\":1}");
      case TENANT_DELETE ->
          naming("id", victim.tenant(), "{\"confirm\":\"" + victim.tenant() + "\"}");
      case NODE_REBALANCE -> own("{}");
      case PROJECT_CREATE ->
          own("{\"name\":\"x\"}", "{\"id\":\"" + victim.project() + "\",\"name\":\"x\"}");
      case PROJECT_GET, PROJECT_DELETE, PROJECT_RESTORE -> naming("id", victim.project());
      case PROJECT_UPDATE -> naming("id", victim.project(), "{\"name\":\"x\"}");
      case PROJECT_LIST -> own("{}");
      case WORK_ITEM_CREATE ->
          naming("projectId", victim.project(), "{\"itemType\":\"task\",\"title\":\"x\"}");
      case WORK_ITEM_GET, WORK_ITEM_DELETE, WORK_ITEM_RESTORE -> naming("id", victim.item());
      case WORK_ITEM_UPDATE -> naming("id", victim.item(), "{\"title\":\"x\"}");
      case WORK_ITEM_MOVE -> naming("id", victim.item(), "{\"position\":0}");
      case WORK_ITEM_LIST -> own("{}").and(naming("projectId", victim.project()));
      case SPRINT_CREATE -> naming("projectId", victim.project(), "{\"name\":\"x\"}");
      case SPRINT_GET, SPRINT_DELETE, SPRINT_RESTORE, SPRINT_START, SPRINT_COMPLETE ->
          naming("id", victim.sprint());
      case SPRINT_UPDATE -> naming("id", victim.sprint(), "{\"name\":\"x\"}");
      case SPRINT_LIST -> own("{}").and(naming("projectId", victim.project()));
      case COMMENT_ADD -> naming("workItemId", victim.item(), "{\"content\":\"x\"}");
      case COMMENT_LIST, DEPENDENCY_LIST -> naming("workItemId", victim.item());
      case COMMENT_UPDATE -> naming("id", victim.comment(), "{\"content\":\"x\"}");
      case COMMENT_DELETE -> naming("id", victim.comment());
      case TIME_ENTRY_START -> naming("workItemId", victim.item());
      case TIME_ENTRY_STOP, TIME_ENTRY_DELETE -> naming("id", victim.timeEntry());
      case TIME_ENTRY_UPDATE -> naming("id", victim.timeEntry(), "{\"description\":\"x\"}");
      case TIME_ENTRY_LIST -> own("{}").and(naming("workItemId", victim.item()));
      case DEPENDENCY_CREATE ->
          naming("blockingItemId", victim.item(), "{\"blockedItemId\":\"x\"}");
      case ACTIVITY_LIST ->
          own(
              "{}",
              "{\"projectIds\":[\"" + victim.project() + "\"]}",
              "{\"workItemIds\":[\"" + victim.item() + "\"]}");
      case WORK_ITEM_ASSIGN_AGENT, WORK_ITEM_ATTEND -> naming("id", victim.item());
      case WORK_SYNC ->
          own("{}")
              .and(
                  naming("x", "", "{}")
                      .replaced(
                          "{\"envelopes\":[{\"correlationId\":\"c\",\"workItemId\":\"%s\","
                              + "\"at\":1,\"title\":\"x\"}]}",
                          victim.item()));
      case DEPENDENCY_DELETE -> naming("id", victim.dependency());
    };
  }

  /// The same pairs with params made from a text with the id in it.
  private Probe replaced(String params, String id) {
    return new Probe(
        List.of(
            new Pair(
                new JsonObject(params.formatted(id)),
                new JsonObject(params.formatted(NOBODYS)),
                id)),
        own);
  }
}
