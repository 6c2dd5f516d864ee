package dev.flotilla.gateway.dialect.control;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.dialect.control.ServerFrame.Placed;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Subscriptions;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Scope;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.wire.RawJson;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.List;
import java.util.Objects;

/// The session's own methods. Each does all of what it was asked, or throws and does nothing.
final class ControlMethods {
  private final Line line;

  ControlMethods(Line line) {
    this.line = line;
  }

  void run(SessionParams params, String correlationId, Handler<AsyncResult<RawJson>> answer) {
    switch (params) {
      case SessionParams.Subscribe(var topics, var since) -> {
        streams().add(topics, since);
        placed(answer);
      }
      case SessionParams.Unsubscribe(var topics) -> {
        streams().remove(topics);
        placed(answer);
      }
      case SessionParams.Resume(Position since) -> {
        streams().resume(since);
        placed(answer);
      }
      case SessionParams.Ping() -> answer(answer, new ServerFrame.Pong(line.edge().now()));
      case SessionParams.Publish publish -> publish(publish, correlationId, answer);
      case SessionParams.Refresh(String token) ->
          line.refresh(token).map(RawJson::of).onComplete(answer);
    }
  }

  private void publish(
      SessionParams.Publish params, String correlationId, Handler<AsyncResult<RawJson>> answer) {
    line.principal().require(Scope.EVENTS_PUBLISH);
    Topic topic = Topic.parse(params.topic());
    if (topic.family() != TopicFamily.CUSTOM) {
      throw Fault.invalid("topic", "Clients publish on custom topics only.").asException();
    }
    Fact fact = new Fact.Custom(topic, StrictJson.raw(params.payload()));
    line.edge()
        .log()
        .publishEphemeral(
            line.principal().tenant(),
            List.of(new Draft(fact, line.principal().user().value(), correlationId)));
    answer(answer, new ServerFrame.Published(topic));
  }

  private void placed(Handler<AsyncResult<RawJson>> answer) {
    Position head = streams().head();
    Position position = Objects.requireNonNullElse(streams().position(), head);
    answer(answer, new Placed(streams().names(), position, head));
  }

  private Subscriptions streams() {
    return line.subscriptions();
  }

  private static void answer(Handler<AsyncResult<RawJson>> answer, Object payload) {
    answer.handle(Future.succeededFuture(RawJson.of(payload)));
  }
}
