package dev.flotilla.telemetry;

/// Every meter of the fleet. Prometheus adds `_total` to counters and `_seconds` to timers.
public final class MeterNames {
  // Gateway
  public static final String SESSIONS = "flotilla.sessions";
  public static final String CONNECTIONS = "flotilla.connections";
  public static final String DISCONNECTIONS = "flotilla.disconnections";
  public static final String PROTOCOL_ERRORS = "flotilla.protocol.errors";
  public static final String AUTH = "flotilla.auth";
  public static final String FRAMES_RECEIVED = "flotilla.frames.received";
  public static final String FRAMES_SENT = "flotilla.frames.sent";
  public static final String REQUEST_TIME = "flotilla.request.time";
  public static final String EVENTS_DELIVERED = "flotilla.events.delivered";
  public static final String FEEDS = "flotilla.feeds";
  public static final String FEED_BACKFILLS = "flotilla.feed.backfills";
  public static final String RESUMES = "flotilla.resumes";

  // Command
  public static final String COMMAND_TIME = "flotilla.command.time";
  public static final String IDEMPOTENCY = "flotilla.idempotency";
  public static final String QUEUE_DEPTH = "flotilla.queue.depth";
  public static final String TASKS_RUNNING = "flotilla.tasks.running";
  public static final String TASKS_FINISHED = "flotilla.tasks.finished";
  public static final String TASK_ATTEMPTS = "flotilla.task.attempts";
  public static final String TASK_WAIT = "flotilla.task.wait";
  public static final String LEASES_LOST = "flotilla.leases.lost";
  public static final String FENCED = "flotilla.results.fenced";
  public static final String QUEUE_REPAIRS = "flotilla.queue.repairs";

  // Registry
  public static final String INSTANCES = "flotilla.instances";
  public static final String LINK_CONNECTS = "flotilla.link.connects";
  public static final String LINK_RUNS = "flotilla.link.runs";
  public static final String RUNS_ADOPTED = "flotilla.runs.adopted";

  // Node
  public static final String NODES = "flotilla.nodes";
  public static final String BUS_ROUND_TRIP = "flotilla.bus.round.trip";
  public static final String BUS_REPAIRS = "flotilla.bus.repairs";

  private MeterNames() {}
}
