package dev.flotilla.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/// A consumer on the bus. It can be renewed in place; its messages always arrive on the context
/// that registered it.
public final class Registration {
  private final String address;
  private final Context context;
  private final EventBus eventBus;
  private final Handler<Message<Buffer>> handler;
  private final Consumer<Registration> onClose;
  private final Future<Void> ready;
  private volatile MessageConsumer<Buffer> consumer;
  private volatile boolean closed;

  Registration(
      String address,
      Context context,
      EventBus eventBus,
      Handler<Message<Buffer>> handler,
      Consumer<Registration> onClose) {
    this.address = address;
    this.context = context;
    this.eventBus = eventBus;
    this.handler = handler;
    this.onClose = onClose;
    this.consumer = eventBus.consumer(address, handler);
    this.ready = consumer.completion();
  }

  /// Completes when the cluster knows it.
  public Future<Void> ready() {
    return ready;
  }

  public Future<Void> close() {
    closed = true;
    onClose.accept(this);
    return consumer.unregister();
  }

  String address() {
    return address;
  }

  /// True where it was closed, also by the end of the verticle that it belonged to.
  boolean gone() {
    return closed || !consumer.isRegistered();
  }

  Future<Void> renew() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        _ -> {
          if (gone()) {
            done.complete();
            return;
          }
          MessageConsumer<Buffer> old = consumer;
          consumer = eventBus.consumer(address, handler);
          consumer.completion().compose(_ -> old.unregister()).onComplete(done);
        });
    return done.future().compose(_ -> closed ? consumer.unregister() : Future.succeededFuture());
  }
}
