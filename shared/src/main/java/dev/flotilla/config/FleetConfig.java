package dev.flotilla.config;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.identity.Ids;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The configuration of one node. A tree that exists is valid: each record checks itself.
public record FleetConfig(
    @Key(doc = "This node.") Node node,
    @Key(doc = "How nodes find each other.") Cluster cluster,
    @Key(doc = "PostgreSQL: the truth.") Postgres postgres,
    @Key(doc = "Redis: queue structures, leases, slots, rates, presence. Rebuilt if lost.")
        Redis redis,
    @Key(doc = "Who may come in.") Identity identity,
    @Key(doc = "The keys that encrypt the credentials of instances. See docs/howto/credentials.md.")
        Credentials credentials,
    @Key(doc = "Users who log in, and their sessions. See docs/howto/users.md.") Accounts accounts,
    @Key(doc = "Sockets and HTTP.") Gateway gateway,
    @Key(doc = "TLS, proxies and limits of HTTP. See docs/howto/deploy.md.") Http http,
    @Key(doc = "What a session of each dialect may do. GET /api/v1/limits shows it.")
        Dialects dialects,
    @Key(doc = "Who of a tenant is online, over all nodes.") Presence presence,
    @Key(doc = "Events of outside systems, from Redis channels. See docs/howto/ingest.md.")
        Ingest ingest,
    @Key(doc = "Commands, the queue and its dispatcher.") Command command,
    @Key(doc = "Instances and their links.") Registry registry,
    @Key(doc = "To which addresses nobody can make the fleet connect.") Egress egress,
    @Key(doc = "Logs, traces and the audit log.") Telemetry telemetry) {

  /// @param id empty means a random one
  public record Node(
      @Key(doc = "Name of this node, unique in the fleet; a random one if absent.")
          @Nullable String id,
      @Key(
              doc = "What this node does: gateway, command, registry.",
              value = "[gateway, command, registry]")
          List<NodeRole> roles,
      @Key(
              doc =
                  "How sockets are served: io_uring, epoll, nio, or auto, which takes the first of"
                      + " them that the machine has.",
              value = "auto")
          Transport transport,
      @Key(doc = "How long SIGTERM may take to drain before the node stops anyway.", value = "30s")
          Duration drainTimeout) {
    public Node {
      roles = List.copyOf(roles);
      Check.that(!roles.isEmpty(), "node.roles", "must name at least one role");
      Check.that(
          drainTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
          "node.drainTimeout",
          "must be at least 1s");
    }
  }

  /// How sockets are served.
  public enum Transport {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  /// How members are found.
  public enum Discovery {
    TCP,
    MULTICAST,
    KUBERNETES
  }

  public record Cluster(
      @Key(doc = "Nodes with the same name form one fleet.", value = "flotilla") String name,
      @Key(doc = "Address that other nodes reach this one at.", value = "127.0.0.1") String host,
      @Key(doc = "Port of the cluster protocol (Hazelcast).", value = "5701") int port,
      @Key(doc = "Port of the event bus; 0 takes a free one.", value = "0") int busPort,
      @Key(
              doc =
                  "How nodes find each other: tcp (the list of members), multicast or kubernetes.",
              value = "tcp")
          Discovery discovery,
      @Key(doc = "host:port of nodes to join, for tcp. This node may be in the list.", value = "[]")
          List<String> members,
      @Key(doc = "Headless service to look members up in, for kubernetes.")
          @Nullable String kubernetesService,
      @Key(doc = "A member that is silent for so long is out.", value = "5s") Duration silenceLimit,
      @Key(doc = "How often each pair of nodes checks its part of the bus.", value = "2s")
          Duration busCheckInterval) {
    public Cluster {
      members = List.copyOf(members);
      Check.that(port > 0 && port < 65_536, "cluster.port", "must be between 1 and 65535");
      Check.that(busPort >= 0 && busPort < 65_536, "cluster.busPort", "must be 0 to 65535");
      Check.that(
          silenceLimit.compareTo(Duration.ofSeconds(2)) >= 0,
          "cluster.silenceLimit",
          "must be at least 2s");
      Check.that(
          busCheckInterval.compareTo(Duration.ofMillis(100)) >= 0,
          "cluster.busCheckInterval",
          "must be at least 100ms");
      Check.that(
          discovery != Discovery.KUBERNETES || kubernetesService != null,
          "cluster.kubernetesService",
          "must be set when discovery is kubernetes");
    }
  }

  public record Postgres(
      @Key(doc = "Host.", value = "127.0.0.1") String host,
      @Key(doc = "Port.", value = "5432") int port,
      @Key(doc = "Database.", value = "flotilla") String database,
      @Key(doc = "User.", value = "flotilla") String user,
      @Key(doc = "Password.", value = "") Secret password,
      @Key(doc = "Connections of this node, at most.", value = "12") int poolSize,
      @Key(doc = "A statement that takes longer fails.", value = "5s") Duration statementTimeout) {
    public Postgres {
      Check.that(port > 0 && port < 65_536, "postgres.port", "must be between 1 and 65535");
      Check.that(poolSize >= 2, "postgres.poolSize", "must be at least 2");
    }
  }

  public record Redis(
      @Key(
              doc = "redis:// or rediss:// URL, with password and database where needed.",
              value = "redis://127.0.0.1:6379")
          Secret url,
      @Key(doc = "Connections of this node, at most.", value = "8") int poolSize) {
    public Redis {
      Check.that(poolSize >= 2, "redis.poolSize", "must be at least 2");
    }
  }

  public record Identity(
      @Key(doc = "Signs and verifies tokens (HS256); at least 32 characters.") Secret secret,
      @Key(doc = "Secrets whose tokens are still good, while the secret changes.", value = "[]")
          List<Secret> retiredSecrets,
      @Key(doc = "Required `iss` of the fleet's tokens, if set.") @Nullable String issuer,
      @Key(doc = "Required `aud` of the fleet's tokens, if set.") @Nullable String audience,
      @Key(
              doc =
                  "An issuer whose tokens are taken beside the fleet's own. See"
                      + " docs/howto/tokens.md.")
          Jwks jwks,
      @Key(doc = "A provider that people log in at. See docs/howto/oidc.md.") Oidc oidc) {
    public Identity {
      retiredSecrets = List.copyOf(retiredSecrets);
      Check.that(
          secret.reveal().length() >= 32, "identity.secret", "must have at least 32 characters");
      Check.that(
          retiredSecrets.stream().allMatch(old -> old.reveal().length() >= 32),
          "identity.retiredSecrets",
          "must have at least 32 characters each");
    }

    /// The fleet's own tokens only.
    public Identity(Secret secret, @Nullable String issuer, @Nullable String audience) {
      this(secret, List.of(), issuer, audience, Jwks.NONE, Oidc.NONE);
    }
  }

  public record Credentials(
      @Key(
              doc =
                  "Encrypts the credentials of instances (AES-256-GCM): 64 hexadecimal digits, as"
                      + " `openssl rand -hex 32` prints them. Needed by nodes with the role command"
                      + " or registry.")
          @Nullable Secret key,
      @Key(
              doc = "Keys that still decrypt what was encrypted with them, while keys change.",
              value = "[]")
          List<Secret> retiredKeys) {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    public Credentials {
      retiredKeys = List.copyOf(retiredKeys);
      Check.that(
          key == null || HEX.matcher(key.reveal()).matches(),
          "credentials.key",
          "must have 64 hexadecimal digits");
      Check.that(
          retiredKeys.stream().allMatch(old -> HEX.matcher(old.reveal()).matches()),
          "credentials.retiredKeys",
          "must have 64 hexadecimal digits each");
    }
  }

  public record Accounts(
      @Key(doc = "Tenant of those who log in without naming one.", value = "default")
          String defaultTenant,
      @Key(doc = "How long an access token is good; a refresh brings the next.", value = "15m")
          Duration accessLifetime,
      @Key(doc = "How long a login lasts, however often it is refreshed.", value = "14d")
          Duration sessionLifetime,
      @Key(doc = "Logins that one user may have at a time; one more ends the oldest.", value = "50")
          int maxSessions,
      @Key(
              live = true,
              doc = "Tries to log in as one user per minute, over all nodes; 0 is no limit.",
              value = "10")
          int userAttempts,
      @Key(
              live = true,
              doc =
                  "Tries to log in, and refreshes that are refused, from one address per minute,"
                      + " over all nodes; 0 is no limit.",
              value = "60")
          int addressAttempts,
      @Key(
              doc =
                  "How often a node looks for revocations that it was not told of; at most 1s, in"
                      + " which every socket of a revoked user is closed.",
              value = "400ms")
          Duration revocationInterval) {
    public Accounts {
      Check.that(Ids.isValid(defaultTenant), "accounts.defaultTenant", "must be a tenant's id");
      Check.that(
          accessLifetime.compareTo(Duration.ofSeconds(10)) >= 0
              && accessLifetime.compareTo(Duration.ofHours(24)) <= 0,
          "accounts.accessLifetime",
          "must be 10s to 24h");
      Check.that(
          sessionLifetime.compareTo(accessLifetime) > 0,
          "accounts.sessionLifetime",
          "must be longer than accounts.accessLifetime");
      Check.that(
          maxSessions >= 1 && maxSessions <= 1_000, "accounts.maxSessions", "must be 1 to 1000");
      Check.that(userAttempts >= 0, "accounts.userAttempts", "must be at least 0");
      Check.that(addressAttempts >= 0, "accounts.addressAttempts", "must be at least 0");
      Check.that(
          revocationInterval.toMillis() >= 50 && revocationInterval.toMillis() <= 1_000,
          "accounts.revocationInterval",
          "must be 50ms to 1s");
    }
  }

  /// Whether messages are compressed.
  public enum Compression {
    OFF,
    ON
  }

  public record Gateway(
      @Key(doc = "Address to listen on.", value = "127.0.0.1") String host,
      @Key(doc = "Port of HTTP and WebSockets.", value = "8080") int port,
      @Key(doc = "URL that clients reach this node at; http://host:port if absent.")
          @Nullable String publicUrl,
      @Key(
              live = true,
              doc =
                  "Web origins whose pages may open sockets and streams, such as"
                      + " https://ops.example.com; '*' is any. None: pages of the host that the"
                      + " request itself names.",
              value = "[]",
              alias = "WS_ALLOWED_ORIGINS")
          List<String> allowedOrigins,
      @Key(doc = "The cookie that may carry a token.", value = "flotilla_session")
          String sessionCookie,
      @Key(doc = "How long a ticket of POST /api/v1/auth/ticket is good.", value = "30s")
          Duration ticketLifetime,
      @Key(
              doc =
                  "Sockets of this node that wait to be admitted, at most; beyond it upgrades get"
                      + " 503.",
              value = "1000")
          int maxUnadmitted,
      @Key(
              doc =
                  "false lets dashboard sessions in without a credential, as viewers of"
                      + " gateway.guestTenant; on loopback only.",
              value = "true",
              alias = "WS_AUTH_REQUIRED")
          boolean authRequired,
      @Key(
              doc =
                  "A static token, at least 16 characters, whose holders may open dashboard"
                      + " sessions as viewers of gateway.guestTenant.",
              alias = "WS_AUTH_TOKEN")
          @Nullable Secret authToken,
      @Key(doc = "Tenant of the sessions that authRequired or authToken lets in.")
          @Nullable String guestTenant,
      @Key(
              doc =
                  "How long a node that is about to stop says so at /health/ready before it sends"
                      + " anybody away or refuses anything, so that load balancers see it.",
              value = "0s")
          Duration drainLead,
      @Key(doc = "Sessions that go elsewhere go in so many rounds.", value = "20") int moveRounds,
      @Key(
              doc =
                  "Between two rounds; shorter where a drain would not end within a third of"
                      + " node.drainTimeout.",
              value = "500ms")
          Duration movePause,
      @Key(
              doc = "Who is sent elsewhere connects again after a random time up to this.",
              value = "2s")
          Duration moveSpread,
      @Key(doc = "A socket that has not connected by then is closed.", value = "15s")
          Duration connectTimeout,
      @Key(doc = "The largest inbound frame before connect, in bytes.", value = "65536")
          int maxFrameBytesBeforeConnect,
      @Key(live = true, doc = "The largest HTTP request body, in bytes.", value = "1048576")
          int maxBodyBytes,
      @Key(
              doc = "What waits for one slow socket, in bytes; over it the socket is closed.",
              value = "1048576")
          int maxQueuedBytes,
      @Key(
              doc = "What waits for one slow socket, in frames; over it the socket is closed.",
              value = "256")
          int maxQueuedFrames,
      @Key(
              doc =
                  "A send has failed when a socket took nothing of what waits for so long; after"
                      + " five in a row it is closed.",
              value = "2s")
          Duration sendTimeout,
      @Key(
              doc =
                  "Whether clients that ask for it get their messages compressed: off, or on"
                      + " (permessage-deflate without context takeover).",
              value = "off")
          Compression compression,
      @Key(doc = "Smaller messages are not compressed, in bytes.", value = "256")
          int compressionThreshold,
      @Key(doc = "Topics that the patterns of one session may match, at most.", value = "1000")
          int maxPatternMatches,
      @Key(
              doc =
                  "A control ping goes to every socket this often, and a `ping` message to every"
                      + " chat session.",
              value = "30s")
          Duration pingInterval,
      @Key(
              doc =
                  "A socket that was silent for so long is closed, and a chat session that"
                      + " answered no `ping` message.",
              value = "60s")
          Duration pongTimeout,
      @Key(doc = "A `tick` event goes to every control session this often.", value = "15s")
          Duration tickInterval,
      @Key(
              doc = "Recent events kept per tenant and node, for resume without PostgreSQL.",
              value = "1000")
          int ringEvents,
      @Key(doc = "How often a feed compares its position with the head of the log.", value = "1s")
          Duration headInterval,
      @Key(doc = "How long a command may take before the client gets UNAVAILABLE.", value = "5s")
          Duration commandTimeout) {
    public Gateway {
      Check.that(port >= 0 && port < 65_536, "gateway.port", "must be between 0 and 65535");
      Check.that(
          pongTimeout.compareTo(pingInterval) > 0,
          "gateway.pongTimeout",
          "must be longer than gateway.pingInterval");
      allowedOrigins = Access.origins(allowedOrigins);
      Access.check(host, allowedOrigins, authRequired, authToken, guestTenant);
      Check.that(
          Access.isCookieName(sessionCookie), "gateway.sessionCookie", "must be a cookie's name");
      Check.that(
          ticketLifetime.compareTo(Duration.ofSeconds(1)) >= 0
              && ticketLifetime.compareTo(Duration.ofMinutes(10)) <= 0,
          "gateway.ticketLifetime",
          "must be 1s to 10m");
      Check.that(maxUnadmitted >= 1, "gateway.maxUnadmitted", "must be at least 1");
      Check.that(moveRounds >= 1, "gateway.moveRounds", "must be at least 1");
      Check.that(movePause.toMillis() >= 1, "gateway.movePause", "must be at least 1ms");
      Check.that(moveSpread.toMillis() >= 1, "gateway.moveSpread", "must be at least 1ms");
      Check.that(compressionThreshold >= 1, "gateway.compressionThreshold", "must be at least 1");
      Check.that(maxQueuedFrames >= 8, "gateway.maxQueuedFrames", "must be at least 8");
      Check.that(ringEvents >= 1, "gateway.ringEvents", "must be at least 1");
    }
  }

  public record Dialects(
      @Key(doc = "Paths /events.", value = "{softFrameBytes: 1048576, hardFrameBytes: 4194304}")
          DialectLimits control,
      @Key(
              doc = "Path /api/dashboard/ws/dashboard.",
              value = "{maxSubscriptions: 10, noticeInterval: 5s, idleTimeout: 10m}")
          DialectLimits dashboard,
      @Key(doc = "Path /api/chat/ws.", value = "{maxSubscriptions: 100}") DialectLimits chat,
      @Key(
              doc = "Path /ws.",
              value = "{maxSubscriptions: 500, connectionRate: 0, userRate: 100, tenantRate: 1000}")
          DialectLimits work,
      @Key(doc = "Path /api/v1/stream, on which clients send nothing.", value = "{}")
          DialectLimits stream) {}

  /// @param connectionRate to `tenantRate`: 0 switches the limit off
  public record DialectLimits(
      @Key(
              live = true,
              doc = "A larger message is dropped with one error, in bytes.",
              value = "65536")
          int softFrameBytes,
      @Key(
              live = true,
              doc = "A larger message closes the socket with 1009, in bytes.",
              value = "1048576")
          int hardFrameBytes,
      @Key(live = true, doc = "Subscriptions of one session, at most.", value = "200")
          int maxSubscriptions,
      @Key(live = true, doc = "Messages of one session per second; 0 is no limit.", value = "20")
          int connectionRate,
      @Key(live = true, doc = "How many messages a session may send at once.", value = "40")
          int connectionBurst,
      @Key(
              live = true,
              doc = "Messages of one user per minute, over all nodes; 0 is no limit.",
              value = "0")
          int userRate,
      @Key(
              live = true,
              doc = "Messages of one tenant per minute, over all nodes; 0 is no limit.",
              value = "0")
          int tenantRate,
      @Key(
              live = true,
              doc = "One error says that messages are dropped; the next not before.",
              value = "1s")
          Duration noticeInterval,
      @Key(
              live = true,
              doc = "Malformed messages of one session per minute; more close it.",
              value = "30")
          int maxMalformed,
      @Key(
              live = true,
              doc =
                  "Messages above the rate limits of one session per minute; more close it with"
                      + " 4429; 0 is no limit.",
              value = "1200")
          int maxDropped,
      @Key(
              live = true,
              doc = "A session that sends nothing for so long is closed; 0s is never.",
              value = "0s")
          Duration idleTimeout) {
    public DialectLimits {
      Check.that(
          softFrameBytes >= 1024 && softFrameBytes <= hardFrameBytes,
          "dialects.*.softFrameBytes",
          "must be at least 1024 and at most hardFrameBytes");
      Check.that(maxSubscriptions >= 1, "dialects.*.maxSubscriptions", "must be at least 1");
      Check.that(
          connectionRate == 0 || connectionBurst >= 1,
          "dialects.*.connectionBurst",
          "must be at least 1");
    }
  }

  public record Presence(
      @Key(
              doc =
                  "Users of a node that is silent for so long are offline; twice as long holds what"
                      + " one does at a work item.",
              value = "10s")
          Duration lease,
      @Key(
              doc = "A user whose last session closed is offline after so long; 0s is at once.",
              value = "5s")
          Duration linger) {
    public Presence {
      Check.that(
          lease.compareTo(Duration.ofMillis(500)) >= 0, "presence.lease", "must be at least 500ms");
    }
  }

  /// @param rules as they are written; [#routes] has them as they are meant
  public record Ingest(
      @Key(
              doc =
                  "Which channel's messages go to which topic of which tenant, such as `deploys ->"
                      + " acme/custom:deploys` or, with a pattern, `ops.* -> acme/system`. Topics:"
                      + " custom:{name}, system, alerts, agents.",
              value = "[]")
          List<String> rules,
      @Key(doc = "A larger message is skipped, in bytes.", value = "65536") int maxMessageBytes,
      @Key(
              doc = "Messages that this node publishes per second, at most; more are dropped.",
              value = "1000")
          int maxRate,
      @Key(
              doc = "Wait before the second try to connect; doubles up to reconnectMax.",
              value = "250ms")
          Duration reconnectMin,
      @Key(doc = "The longest wait between tries to connect.", value = "30s")
          Duration reconnectMax) {
    public Ingest {
      rules = List.copyOf(rules);
      IngestRoute.parse(rules);
      Check.that(
          maxMessageBytes >= 1 && maxMessageBytes <= 1_048_576,
          "ingest.maxMessageBytes",
          "must be 1 to 1048576");
      Check.that(maxRate >= 1 && maxRate <= 100_000, "ingest.maxRate", "must be 1 to 100000");
      Check.that(
          reconnectMin.toMillis() >= 1 && reconnectMin.compareTo(reconnectMax) <= 0,
          "ingest.reconnectMin",
          "must be at least 1ms and at most ingest.reconnectMax");
    }

    public List<IngestRoute> routes() {
      return IngestRoute.parse(rules);
    }
  }

  public record Command(
      @Key(doc = "How long a stored answer is replayed for its idempotency key.", value = "24h")
          Duration idempotencyTtl,
      @Key(doc = "A task whose holder is silent for so long goes back to the queue.", value = "10s")
          Duration lease,
      @Key(doc = "How often a lease is renewed and its run asked after.", value = "3s")
          Duration leaseRenewal,
      @Key(doc = "How often the queue is looked at when no bell rings.", value = "500ms")
          Duration pollInterval,
      @Key(doc = "How often Redis is compared with PostgreSQL.", value = "60s")
          Duration reconcileInterval,
      @Key(doc = "Tasks that this node runs at the same time, at most.", value = "500")
          int maxRunning,
      @Key(doc = "How long one attempt may run, unless the task says otherwise.", value = "1h")
          Duration taskTimeout,
      @Key(doc = "Attempts of a task, unless it says otherwise.", value = "3") int maxAttempts,
      @Key(doc = "Wait before the second attempt; doubles with each further one.", value = "1s")
          Duration retryDelay,
      @Key(doc = "The longest wait between attempts.", value = "60s") Duration maxRetryDelay,
      @Key(
              doc =
                  "An instance may be out of reach for so long before its runs are given up and"
                      + " their tasks start again elsewhere. A run that went on there unseen is"
                      + " stopped when the instance is back.",
              value = "5m")
          Duration runPatience,
      @Key(doc = "How long things are kept. See docs/howto/retention.md.", value = "{}")
          Retention retention) {
    public Command {
      Check.that(
          leaseRenewal.multipliedBy(3).compareTo(lease) <= 0,
          "command.lease",
          "must be at least three times command.leaseRenewal");
      Check.that(maxRunning >= 1, "command.maxRunning", "must be at least 1");
      Check.that(maxAttempts >= 1 && maxAttempts <= 10, "command.maxAttempts", "must be 1 to 10");
    }

    /// A tenant may have others: the command `retention.set`.
    public record Retention(
        @Key(
                doc =
                    "Events of a tenant's log: as far back as a client can resume and activity be"
                        + " read. Whole days, here and below; 0d is for ever.",
                value = "30d")
            Duration activity,
        @Key(doc = "Tasks that have ended, apart from those below.", value = "30d") Duration tasks,
        @Key(doc = "Dead letters.", value = "90d") Duration deadLetters,
        @Key(doc = "Conversations in which nothing was said since.", value = "365d")
            Duration threads,
        @Key(doc = "Entries of the audit log.", value = "365d") Duration audit,
        @Key(doc = "How often is looked for what is older.", value = "10m") Duration interval) {
      public Retention {
        for (Duration each : List.of(activity, tasks, deadLetters, threads, audit)) {
          Check.that(
              each.equals(Duration.ofDays(each.toDays())),
              "command.retention",
              "must be whole days, such as 30d");
        }
        Check.that(
            interval.compareTo(Duration.ofSeconds(1)) >= 0,
            "command.retention.interval",
            "must be at least 1s");
      }
    }
  }

  public record Registry(
      @Key(doc = "How often a link's owner reports how its instance is.", value = "1s")
          Duration reportInterval,
      @Key(doc = "A report older than this says that nobody watches.", value = "5s")
          Duration reportLimit,
      @Key(
              doc = "Wait before the second try to connect; doubles up to reconnectMax.",
              value = "250ms")
          Duration reconnectMin,
      @Key(doc = "The longest wait between tries to connect.", value = "10s") Duration reconnectMax,
      @Key(doc = "How long a request to an instance may take.", value = "15s")
          Duration requestTimeout,
      @Key(doc = "How often the table of instances is read when no bell rings.", value = "5s")
          Duration refreshInterval,
      @Key(
              doc = "How often a link's owner tells the instance's tenant that it is alive.",
              value = "10s")
          Duration heartbeatInterval,
      @Key(
              doc =
                  "How often an instance is asked how busy it is; what it has used, every eighth"
                      + " time.",
              value = "15s")
          Duration loadInterval,
      @Key(doc = "When an instance gets less work, or none.") Health health,
      @Key(
              doc =
                  "What the fleet asks to be allowed to do at an instance. Without operator.admin"
                      + " it cannot change cron jobs or drain one, without operator.approvals not"
                      + " see what waits for approval. Asking for more later needs a new approval"
                      + " by instances on other hosts.",
              value = "[operator.read, operator.write, operator.approvals, operator.admin]")
          List<String> instanceScopes,
      @Key(
              doc =
                  "Methods of instances that instance.call may use. All else that an instance can"
                      + " do is out of reach that way.",
              value =
                  "[health, status, system.info, diagnostics.lanes, usage.status, usage.cost,"
                      + " sessions.usage, cron.status, cron.runs, update.status]")
          List<String> callMethods,
      @Key(
              doc =
                  "A file that declares instances, such as conf/instances.yaml. Nodes with the role"
                      + " command apply it when they start, and within seconds when it changes. See"
                      + " docs/howto/gateways.md.")
          @Nullable String instancesFile,
      @Key(doc = "The gateway of this host, started where it is missing.") LocalGateway local) {
    public Registry {
      instanceScopes = List.copyOf(instanceScopes);
      callMethods = List.copyOf(callMethods);
      Check.that(
          instanceScopes.containsAll(List.of("operator.read", "operator.write")),
          "registry.instanceScopes",
          "must have operator.read and operator.write");
      Check.that(
          heartbeatInterval.compareTo(Duration.ofMillis(100)) >= 0,
          "registry.heartbeatInterval",
          "must be at least 100ms");
      Check.that(
          loadInterval.compareTo(Duration.ofMillis(100)) >= 0,
          "registry.loadInterval",
          "must be at least 100ms");
      Check.that(
          reportInterval.compareTo(reportLimit) < 0,
          "registry.reportLimit",
          "must be longer than registry.reportInterval");
    }

    public record Health(
        @Key(doc = "An instance is ejected after so many failed runs in a row.", value = "5")
            int ejectAfter,
        @Key(
                doc = "The first ejection lasts so long; each further one twice as long.",
                value = "30s")
            Duration ejection,
        @Key(doc = "The longest ejection.", value = "5m") Duration maxEjection,
        @Key(
                doc = "An instance that comes back takes its full load after so long; 0s at once.",
                value = "15s")
            Duration slowStart,
        @Key(
                doc =
                    "Where less than this percentage of a tenant's instances can take work, ejected"
                        + " ones get some, too.",
                value = "30")
            int panicPercent,
        @Key(
                doc =
                    "A conversation waits so long for its instance before it goes on at another"
                        + " one, which does not know what was said.",
                value = "30s")
            Duration sessionPatience,
        @Key(
                doc =
                    "An instance that is down for so long is told of on the topic alerts and to"
                        + " webhooks.",
                value = "1m")
            Duration alertAfter,
        @Key(
                doc =
                    "An instance that keeps its connection but shows no sign of life for so long"
                        + " hangs: it is down, and its runs are treated as those of a lost one.",
                value = "10s")
            Duration hangAfter) {
      public Health {
        Check.that(
            hangAfter.compareTo(Duration.ofMillis(300)) >= 0,
            "registry.health.hangAfter",
            "must be at least 300ms");
        Check.that(ejectAfter >= 2, "registry.health.ejectAfter", "must be at least 2");
        Check.that(
            ejection.toMillis() >= 1 && ejection.compareTo(maxEjection) <= 0,
            "registry.health.ejection",
            "must be at least 1ms and at most registry.health.maxEjection");
        Check.that(
            panicPercent >= 0 && panicPercent <= 100,
            "registry.health.panicPercent",
            "must be 0 to 100");
      }
    }
  }

  public record Egress(
      @Key(
              doc =
                  "Addresses to which no instance and no webhook may lead: those by which a host"
                      + " learns of itself, and such that are no single host's.",
              value =
                  "[169.254.0.0/16, 'fe80::/10', 100.100.100.200, 'fd00:ec2::254', 168.63.129.16,"
                      + " 192.0.0.192, 0.0.0.0/8, '::/128', '64:ff9b::/96', 224.0.0.0/4,"
                      + " 'ff00::/8']")
          List<String> deny,
      @Key(
              doc = "And these for webhooks, which tenants name: the node's own ports.",
              value = "[127.0.0.0/8, '::1/128']")
          List<String> webhookDeny,
      @Key(doc = "Exceptions from both.", value = "[]") List<String> allow) {
    public Egress {
      deny = networks(deny, "egress.deny");
      webhookDeny = networks(webhookDeny, "egress.webhookDeny");
      allow = networks(allow, "egress.allow");
    }

    private static List<String> networks(List<String> texts, String key) {
      for (String text : texts) {
        try {
          Cidr.parse(text);
        } catch (IllegalArgumentException none) {
          throw new IllegalArgumentException(
              key + " must have addresses such as 10.0.0.0/8 or fd00::/8, not " + text, none);
        }
      }
      return List.copyOf(texts);
    }
  }

  /// How log lines look.
  public enum LogFormat {
    JSON,
    TEXT
  }

  public record Telemetry(
      @Key(
              live = true,
              doc = "Least level that is logged: error, warn, info, debug.",
              value = "info")
          String logLevel,
      @Key(doc = "json for machines, text for people.", value = "json") LogFormat logFormat,
      @Key(
              live = true,
              doc = "Whether every HTTP request is logged, without its query, headers and body.",
              value = "false")
          boolean accessLog,
      @Key(
              doc =
                  "Where traces go: an OTLP endpoint over HTTP, such as"
                      + " http://otel-collector:4318. None: nothing is traced.")
          @Nullable String traceEndpoint,
      @Key(
              doc = "How many percent of the requests that do not say so themselves are traced.",
              value = "100")
          int tracePercent) {
    public Telemetry {
      Check.that(
          tracePercent >= 0 && tracePercent <= 100, "telemetry.tracePercent", "must be 0 to 100");
      Check.that(
          traceEndpoint == null || traceEndpoint.matches("https?://\\S+"),
          "telemetry.traceEndpoint",
          "must be an http:// or https:// URL");
    }
  }
}
