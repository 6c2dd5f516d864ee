package dev.flotilla.command.pipeline;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.CommandMeters.KeyOutcome;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.audit.Change;
import dev.flotilla.command.audit.Plain;
import dev.flotilla.command.idempotency.Fingerprint;
import dev.flotilla.command.idempotency.IdempotencyKey;
import dev.flotilla.command.idempotency.IdempotencyStore;
import dev.flotilla.command.idempotency.InFlight;
import dev.flotilla.command.idempotency.Stored;
import dev.flotilla.command.store.Deadline;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Confidential;
import dev.flotilla.contract.Result;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.telemetry.Tracing;
import dev.flotilla.wire.RawJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The way of a command: scope, schema, decode, idempotency, handler, answer. A command that
/// changes state does it in one transaction with its key, its answer and its events.
public final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  private static final Fault BUG = Fault.of(Reason.INTERNAL, "A bug, logged with its incident.");

  private final ParamsReader params = new ParamsReader();
  private final InFlight inFlight = new InFlight();
  private final Handlers handlers;
  private final Transactions transactions;
  private final IdempotencyStore keys;
  private final Fingerprint fingerprint;
  private final AuditStore audit;
  private final CommandMeters meters;
  private final Clock clock;
  private final Tracing tracing;

  public Pipeline(
      Handlers handlers,
      Transactions transactions,
      IdempotencyStore keys,
      Fingerprint fingerprint,
      AuditStore audit,
      CommandMeters meters,
      Clock clock,
      Tracing tracing) {
    this.handlers = handlers;
    this.transactions = transactions;
    this.keys = keys;
    this.fingerprint = fingerprint;
    this.audit = audit;
    this.meters = meters;
    this.clock = clock;
    this.tracing = tracing;
  }

  private record Outcome(Stored stored, boolean replayed) {}

  /// Answers, or throws a [FaultException]; anything else that it throws is a bug.
  public RawJson execute(CommandRequest asked) {
    long start = System.nanoTime();
    Tracing.Span span = tracing.begin("command " + asked.kind().method(), asked.trace());
    CommandRequest request = asked.traced(span.traceparent());
    try {
      RawJson answer = answer(request);
      span.end(null);
      report(request, null, start);
      return answer;
    } catch (Throwable failure) {
      Fault fault = StoreFaults.of(failure);
      span.end((fault == null ? BUG : fault).reason().name());
      report(request, fault == null ? BUG : fault, start);
      if (fault == null) {
        throw failure;
      }
      throw fault.asException();
    }
  }

  private RawJson answer(CommandRequest request) {
    requireScope(request);
    params.check(request.kind(), request.params());
    Command command = params.decode(request.kind(), request.params());
    if (!request.kind().changesState()) {
      return RawJson.of(
          handlers.handle(command, context(request, transactions.direct(), new Effects())));
    }
    IdempotencyKey key = IdempotencyKey.of(request, command, fingerprint);
    try {
      return inFlight.run(
          key,
          Deadline.in(transactions.limit()),
          () -> change(request, command, key),
          () -> meters.key(KeyOutcome.JOINED));
    } catch (FaultException refused) {
      countRefusal(refused.fault());
      throw refused;
    }
  }

  /// Who tries to change what they may not is written down; the params, which nobody has looked at,
  /// are not.
  private void requireScope(CommandRequest request) {
    try {
      request.principal().require(request.kind().scope());
    } catch (FaultException refused) {
      if (request.kind().changesState()) {
        Change denied =
            Change.by(
                request.principal(),
                clock.instant(),
                request.kind().method(),
                null,
                refused.fault().reason().name(),
                Change.NO_FIELDS,
                request.correlationId());
        Sql sql = transactions.direct();
        sql.await(audit.add(sql, denied));
      }
      throw refused;
    }
  }

  private RawJson change(CommandRequest request, Command command, IdempotencyKey key) {
    Outcome outcome =
        transactions.run((sql, effects) -> change(request, command, key, sql, effects));
    meters.key(outcome.replayed() ? KeyOutcome.REPLAYED : KeyOutcome.NEW);
    return switch (outcome.stored()) {
      case Stored.Answer(RawJson json) -> json;
      case Stored.Refusal(Fault fault) -> throw fault.asException();
    };
  }

  private Outcome change(
      CommandRequest request, Command command, IdempotencyKey key, Sql sql, Effects effects) {
    Optional<Stored> stored = keys.claim(sql, key);
    if (stored.isPresent()) {
      return new Outcome(stored.get(), true);
    }
    try {
      Result result = handlers.handle(command, context(request, sql, effects));
      RawJson answer = RawJson.of(result);
      effects.sent(keys.complete(sql, key, storable(result, answer)));
      write(command, audited(request, command, result, Change.OK), sql, effects);
      return new Outcome(new Stored.Answer(answer), false);
    } catch (FaultException refused) {
      if (refused.fault().retryable()) {
        throw refused;
      }
      effects.forget();
      keys.fail(sql, key, refused.fault());
      String reason = refused.fault().reason().name();
      write(command, audited(request, command, null, reason), sql, effects);
      return new Outcome(new Stored.Refusal(refused.fault()), false);
    }
  }

  /// In the log of the actor's tenant, and in that of the tenant whose it is, where it was done:
  /// what strangers try is no entry there, which they could fill.
  private void write(Command command, Change change, Sql sql, Effects effects) {
    RawJson changes = effects.changes();
    effects.sent(audit.add(sql, change, changes));
    TenantId target = Plain.tenant((Record) command);
    if (target != null && !target.equals(change.tenant()) && change.outcome().equals(Change.OK)) {
      effects.sent(audit.add(sql, change.in(target), changes));
    }
  }

  /// A secret is told once: who repeats the request gets the answer without it.
  private static RawJson storable(Result result, RawJson answer) {
    return result instanceof Confidential secret ? RawJson.of(secret.withoutSecrets()) : answer;
  }

  /// @param result null where it was refused
  private Change audited(
      CommandRequest request, Command command, @Nullable Result result, String outcome) {
    String target = Plain.id((Record) command);
    if (target == null && result instanceof Record made) {
      target = Plain.id(made);
    }
    return Change.by(
        request.principal(),
        clock.instant(),
        request.kind().method(),
        target,
        outcome,
        Plain.of((Record) command),
        request.correlationId());
  }

  private CommandContext context(CommandRequest request, Sql sql, Effects effects) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new CommandContext(
        request.principal(), request.correlationId(), now, sql, effects, request.trace());
  }

  private void countRefusal(Fault fault) {
    switch (fault.reason()) {
      case IDEMPOTENCY_MISMATCH -> meters.key(KeyOutcome.MISMATCH);
      case IN_PROGRESS -> meters.key(KeyOutcome.IN_PROGRESS);
      default -> {}
    }
  }

  private void report(CommandRequest request, @Nullable Fault fault, long start) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    meters.commandFinished(request.kind(), fault, elapsed);
    // A read that went well is nobody's news at night.
    boolean news = request.kind().changesState() || fault != null;
    LOG.atLevel(news ? Level.INFO : Level.DEBUG)
        .addKeyValue(LogKeys.CORRELATION_ID, request.correlationId())
        .addKeyValue(LogKeys.TENANT, request.principal().tenant())
        .addKeyValue(LogKeys.METHOD, request.kind().method())
        .addKeyValue("outcome", fault == null ? "OK" : fault.reason().name())
        .addKeyValue("ms", elapsed.toMillis())
        .log("command finished");
  }
}
