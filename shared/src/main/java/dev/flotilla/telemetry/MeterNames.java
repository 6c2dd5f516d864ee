package dev.flotilla.telemetry;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;

/// Every meter of the fleet. Prometheus adds `_total` to counters and `_seconds` to timers.
public final class MeterNames {
  // Gateway. Those that are about sockets are at /api/dashboard/metrics/websockets, too.
  @Socket
  @Meaning(value = "Open sessions.", tags = "`dialect`")
  public static final String SESSIONS = "flotilla.sessions";

  @Socket
  @Meaning(value = "Sockets that were opened.", tags = "`dialect`")
  public static final String CONNECTIONS = "connections";

  @Socket
  @Meaning(value = "Sockets that were closed.", tags = "`code`, `reason`")
  public static final String DISCONNECTIONS = "disconnections";

  @Socket
  @Meaning(value = "Open sessions with a topic of that family.", tags = "`dialect`, `subscription`")
  public static final String SUBSCRIBED = "connections.by.subscription";

  @Socket
  @Meaning(value = "Messages that were refused.", tags = "`reason`")
  public static final String PROTOCOL_ERRORS = "flotilla.protocol.errors";

  @Socket
  @Meaning(value = "Credentials that were accepted.", tags = "`via`")
  public static final String AUTH_SUCCESS = "auth.success";

  @Meaning("Sockets that wait to be admitted.")
  public static final String UNADMITTED = "flotilla.unadmitted";

  @Socket
  @Meaning(
      value = "Credentials that were refused, and what a principal may not do.",
      tags = "`via`, `reason`")
  public static final String AUTH_DENIED = "auth.denied";

  @Socket
  @Meaning(value = "Messages from clients.", tags = "`dialect`")
  public static final String MESSAGES_RECEIVED = "messages.received";

  @Socket
  @Meaning(value = "Messages that were dropped, above a rate limit.", tags = "`dialect`")
  public static final String MESSAGES_LIMITED = "messages.dropped.rate.limit";

  @Socket
  @Meaning(value = "Messages to clients.", tags = "`dialect`")
  public static final String MESSAGES_SENT = "messages.sent";

  @Socket
  @Meaning(value = "Sends of which a socket took nothing in time.", tags = "`dialect`")
  public static final String SEND_FAILURES = "messages.send.failures";

  @Socket
  @Meaning(value = "Messages that refuse something, to clients.", tags = "`dialect`")
  public static final String ERRORS_SENT = "errors.sent";

  @Socket
  @Meaning(value = "Bytes of messages from clients.", tags = "`dialect`")
  public static final String BYTES_RECEIVED = "bytes.received";

  @Socket
  @Meaning(value = "Bytes of messages to clients.", tags = "`dialect`")
  public static final String BYTES_SENT = "bytes.sent";

  @Socket
  @Meaning(value = "Sessions that were closed because they read too slowly.", tags = "`cause`")
  public static final String BACKPRESSURE_DISCONNECTS = "backpressure.disconnects";

  @Socket
  @Meaning(value = "Sessions that the newest event was written to.", tags = "`dialect`")
  public static final String FAN_OUT = "fanout";

  @Socket
  @Meaning(value = "Messages that wait for slow readers.", tags = "`dialect`")
  public static final String QUEUED_FRAMES = "connection.queue.depth";

  @Socket
  @Meaning(value = "Messages that wait for the slowest reader.", tags = "`dialect`")
  public static final String QUEUED_FRAMES_MAX = "connection.queue.depth.max";

  @Socket
  @Meaning(value = "Bytes that wait for slow readers.", tags = "`dialect`")
  public static final String QUEUED_BYTES = "connection.queue.bytes";

  @Socket
  @Meaning(value = "Bytes that wait for the slowest reader.", tags = "`dialect`")
  public static final String QUEUED_BYTES_MAX = "connection.queue.bytes.max";

  @Meaning(value = "From a request at the edge to its answer.", tags = "`method`, `code`")
  public static final String REQUEST_TIME = "flotilla.request.time";

  @Socket
  @Meaning(value = "Events written to sockets, or dropped.", tags = "`dialect`, `class`")
  public static final String EVENTS_DELIVERED = "flotilla.events.delivered";

  @Meaning("Tenants with a feed on this node.")
  public static final String FEEDS = "flotilla.feeds";

  @Meaning("Reads of the log because a bell was not heard.")
  public static final String FEED_BACKFILLS = "flotilla.feed.backfills";

  @Meaning(value = "Resumes by outcome.", tags = "`outcome`")
  public static final String RESUMES = "flotilla.resumes";

  @Meaning(value = "Messages that a rate limit refused.", tags = "`limit`")
  public static final String LIMITED = "flotilla.limited";

  @Meaning("Users and tenants whose rate this node counts.")
  public static final String QUOTAS = "flotilla.quotas";

  @Meaning("Messages that a node let through on its own count because Redis is away.")
  public static final String QUOTA_LOCAL = "flotilla.quota.local";

  @Meaning("Users with a session on this node.")
  public static final String PRESENCE_USERS = "flotilla.presence.users";

  @Meaning(value = "Users who came or went, as this node told the fleet.", tags = "`status`")
  public static final String PRESENCE_CHANGES = "flotilla.presence.changes";

  @Meaning("1 while presence rests because Redis is away.")
  public static final String PRESENCE_PAUSED = "flotilla.presence.paused";

  @Meaning(value = "Messages of Redis channels that this node owns.", tags = "`outcome`")
  public static final String INGEST_MESSAGES = "flotilla.ingest.messages";

  @Meaning(value = "Tries to subscribe to the channels.", tags = "`outcome`")
  public static final String INGEST_CONNECTS = "flotilla.ingest.connects";

  @Meaning("1 while every channel is subscribed to.")
  public static final String INGEST_SUBSCRIBED = "flotilla.ingest.subscribed";

  // Command
  @Meaning(value = "From a command on its node to its answer.", tags = "`method`, `code`")
  public static final String COMMAND_TIME = "flotilla.command.time";

  @Meaning(value = "Idempotency keys by what they led to.", tags = "`outcome`")
  public static final String IDEMPOTENCY = "flotilla.idempotency";

  @Meaning(value = "Tasks in the queue.", tags = "`level`")
  public static final String QUEUE_DEPTH = "flotilla.queue.depth";

  @Meaning("Tasks whose lease this node holds.")
  public static final String TASKS_RUNNING = "flotilla.tasks.running";

  @Meaning(value = "Tasks that ended.", tags = "`state`, `level`, `reason`, `tenant`")
  public static final String TASKS_FINISHED = "flotilla.tasks.finished";

  @Meaning(value = "Runs that were begun.", tags = "`level`")
  public static final String TASK_ATTEMPTS = "flotilla.task.attempts";

  @Meaning(value = "From when a task could run to its run.", tags = "`level`")
  public static final String TASK_WAIT = "flotilla.task.wait";

  @Meaning(value = "How long runs took.", tags = "`level`")
  public static final String TASK_RUN = "flotilla.task.run";

  @Meaning(value = "How long the oldest task waits that could run.", tags = "`level`")
  public static final String QUEUE_AGE = "flotilla.queue.age";

  @Meaning("Conversations that went on at another instance.")
  public static final String CONVERSATIONS_MOVED = "flotilla.conversations.moved";

  @Meaning("Leases that ran out and were taken over.")
  public static final String LEASES_LOST = "flotilla.leases.lost";

  @Meaning("Results refused because a newer attempt exists.")
  public static final String FENCED = "flotilla.results.fenced";

  @Meaning("Entries of the queue that the reconciler repaired.")
  public static final String QUEUE_REPAIRS = "flotilla.queue.repairs";

  @Meaning(value = "Rows that were older than they are kept.", tags = "`kind`")
  public static final String RETENTION_REMOVED = "flotilla.retention.removed";

  @Meaning(
      value = "Times the file that declares instances was found to say something else.",
      tags = "`outcome`")
  public static final String INSTANCE_FILES = "flotilla.instances.files";

  // Registry
  @Meaning(value = "Instances by state, as this node sees them.", tags = "`state`")
  public static final String INSTANCES = "flotilla.instances";

  @Meaning("Runs at work in instances by their own account, over the links of this node.")
  public static final String INSTANCE_RUNS = "flotilla.instance.runs";

  @Meaning("Work that waits inside instances by their own account, over the links of this node.")
  public static final String INSTANCE_QUEUED = "flotilla.instance.queued";

  @Meaning("Conversations with work now, by the instances' own account.")
  public static final String INSTANCE_SESSIONS = "flotilla.instance.sessions";

  @Meaning("Tokens that instances have used since midnight (UTC), by their own account.")
  public static final String INSTANCE_TOKENS = "flotilla.instance.tokens.today";

  @Meaning("What instances have cost since midnight (UTC) in dollars, by their own account.")
  public static final String INSTANCE_COST = "flotilla.instance.cost.today";

  @Meaning("How long the slowest instance of this node took to answer.")
  public static final String INSTANCE_ANSWER = "flotilla.instance.answer";

  @Meaning("Age of the oldest account that an instance of this node has given.")
  public static final String INSTANCE_LOAD_AGE = "flotilla.instance.load.age";

  @Meaning(value = "Tries to connect to an instance.", tags = "`outcome`")
  public static final String LINK_CONNECTS = "flotilla.link.connects";

  @Meaning("Restarts of instances that a link of this node has seen.")
  public static final String INSTANCE_RESTARTS = "flotilla.instance.restarts";

  @Meaning(value = "Starts of the gateway of this node's host.", tags = "`outcome`")
  public static final String LOCAL_STARTS = "flotilla.local.starts";

  @Meaning("Runs that this node carries.")
  public static final String LINK_RUNS = "flotilla.link.runs";

  @Meaning(value = "Runs that were found on an instance and gone on with.", tags = "`outcome`")
  public static final String RUNS_ADOPTED = "flotilla.runs.adopted";

  // Node
  @Meaning("Live nodes, as this node sees them.")
  public static final String NODES = "flotilla.nodes";

  @Meaning(value = "A message to a peer and back.", tags = "`peer`")
  public static final String BUS_ROUND_TRIP = "flotilla.bus.round.trip";

  @Meaning("Times this node registered its addresses again.")
  public static final String BUS_REPAIRS = "flotilla.bus.repairs";

  private MeterNames() {}

  /// The names of the meters that are about sockets.
  public static List<String> ofSockets() {
    return Arrays.stream(MeterNames.class.getDeclaredFields())
        .filter(field -> field.isAnnotationPresent(Socket.class))
        .map(MeterNames::name)
        .toList();
  }

  private static String name(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException bug) {
      throw new IllegalStateException(bug);
    }
  }

  /// What a meter counts, for the reference page.
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  public @interface Meaning {
    String value();

    String tags() default "";
  }

  /// Marks a meter that is about sockets.
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Socket {}
}
