package dev.flotilla.bus;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The typed face of the clustered event bus, and the only place that touches it.
///
/// The bus is at-most-once: a message to a dead node is lost, and who asked learns it by the
/// timeout. Faults cross it as data. A missing or silent node becomes INTERNAL_ERROR with reason
/// UNAVAILABLE.
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final byte OK = 0;
  private static final byte FAULT = 1;
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final Vertx vertx;
  private final EventBus eventBus;
  private final Clock clock;
  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();

  public Bus(Vertx vertx, Clock clock) {
    this.vertx = vertx;
    this.eventBus = vertx.eventBus();
    this.clock = clock;
  }

  /// Asks and waits for the answer. Fails with a [FaultException] only.
  public <Q, A> Future<A> ask(Ask<Q, A> address, Q question, Duration timeout) {
    return eventBus
        .<Buffer>request(
            address.address(),
            Buffer.buffer(Json.bytes(question)),
            new DeliveryOptions().setSendTimeout(timeout.toMillis()))
        .recover(failure -> Future.failedFuture(unreachable(address.address(), failure)))
        .map(reply -> open(reply.body(), address.answer()));
  }

  /// Answers questions on the caller's context. A [FaultException] becomes the answer; anything
  /// else is a bug, logged here once and answered as INTERNAL with an incident id.
  public <Q, A> Registration answer(Ask<Q, A> address, Function<Q, Future<A>> answerer) {
    return register(address.address(), message -> reply(address, message, answerer));
  }

  /// Sends to every node that listens.
  public <M> void publish(Tell<M> address, M message) {
    eventBus.publish(address.address(), Buffer.buffer(Json.bytes(message)));
  }

  public <M> Registration listen(Tell<M> address, Consumer<M> listener) {
    return register(
        address.address(),
        message -> listener.accept(Json.read(message.body().getBytes(), address.message())));
  }

  /// The addresses where this node listens.
  public Set<String> addresses() {
    registrations.removeIf(Registration::gone);
    return registrations.stream().map(Registration::address).collect(Collectors.toSet());
  }

  /// Registers every consumer of this node anew, so that every node of the cluster hears of it
  /// again, also those whose picture of the registrations has gone wrong. The new consumer is there
  /// before the old one goes: nothing is missed, but for a moment a published message may arrive
  /// twice.
  public Future<Void> renew() {
    registrations.removeIf(Registration::gone);
    return Future.join(registrations.stream().map(Registration::renew).toList()).mapEmpty();
  }

  private Registration register(String address, Handler<Message<Buffer>> handler) {
    Registration registration =
        new Registration(
            address, vertx.getOrCreateContext(), eventBus, handler, registrations::remove);
    registrations.add(registration);
    return registration;
  }

  private <Q, A> void reply(
      Ask<Q, A> address, Message<Buffer> message, Function<Q, Future<A>> answerer) {
    Future<A> answer;
    try {
      answer = answerer.apply(Json.read(message.body().getBytes(), address.question()));
    } catch (RuntimeException failure) {
      answer = Future.failedFuture(failure);
    }
    answer.onComplete(
        value -> message.reply(seal(OK, value)),
        failure -> message.reply(seal(FAULT, fault(address.address(), failure))));
  }

  private Fault fault(String address, Throwable failure) {
    Fault known = FaultException.in(failure);
    if (known != null) {
      return known;
    }
    String incident = Ids.next(clock);
    LOG.error("incident {} while answering {}", incident, address, failure);
    return Fault.of(Reason.INTERNAL, "Something went wrong (incident " + incident + ").");
  }

  private static Buffer seal(byte kind, Object body) {
    return Buffer.buffer().appendByte(kind).appendBytes(Json.bytes(body));
  }

  private static <A> A open(Buffer reply, Class<A> type) {
    byte[] body = Arrays.copyOfRange(reply.getBytes(), 1, reply.length());
    if (reply.getByte(0) == FAULT) {
      throw Json.read(body, Fault.class).asException();
    }
    return Json.read(body, type);
  }

  private static FaultException unreachable(String address, Throwable failure) {
    if (failure instanceof ReplyException) {
      LOG.debug("no answer from {}: {}", address, failure.getMessage());
      return Fault.unavailable("The part of the fleet that answers this", RETRY_AFTER)
          .asException();
    }
    LOG.warn("asking {} failed", address, failure);
    return Fault.unavailable("The bus", RETRY_AFTER).asException();
  }
}
