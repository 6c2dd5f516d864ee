package dev.flotilla.bus;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The typed face of the clustered event bus, and the only place that touches it.
///
/// The bus is at-most-once: a message to a dead node is lost, and who asked learns it by the timeout.
/// Faults cross it as data. A missing or silent node becomes INTERNAL_ERROR with reason UNAVAILABLE.
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final byte OK = 0;
  private static final byte FAULT = 1;
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final EventBus eventBus;
  private final Clock clock;

  public Bus(Vertx vertx, Clock clock) {
    this.eventBus = vertx.eventBus();
    this.clock = clock;
  }

  /// A consumer on the bus.
  ///
  /// @param ready completes when every node of the cluster knows it
  public record Registration(Future<Void> ready, MessageConsumer<Buffer> consumer) {
    public Future<Void> close() {
      return consumer.unregister();
    }
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

  /// Answers questions on the caller's context. A [FaultException] becomes the answer; anything else
  /// is a bug, logged here once and answered as INTERNAL with an incident id.
  public <Q, A> Registration answer(Ask<Q, A> address, Function<Q, Future<A>> answerer) {
    MessageConsumer<Buffer> consumer =
        eventBus.consumer(
            address.address(), message -> reply(address, message, answerer));
    return new Registration(consumer.completion(), consumer);
  }

  /// Sends to every node that listens.
  public <M> void publish(Tell<M> address, M message) {
    eventBus.publish(address.address(), Buffer.buffer(Json.bytes(message)));
  }

  public <M> Registration listen(Tell<M> address, Consumer<M> listener) {
    MessageConsumer<Buffer> consumer =
        eventBus.consumer(
            address.address(),
            message -> listener.accept(Json.read(message.body().getBytes(), address.message())));
    return new Registration(consumer.completion(), consumer);
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
