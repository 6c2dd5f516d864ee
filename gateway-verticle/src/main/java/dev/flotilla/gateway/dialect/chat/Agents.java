package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.AgentTask;
import dev.flotilla.contract.Result.AgentView;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Request;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.session.Calls;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Subscriptions;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.wire.RawJson;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The agents that one session follows. The answer to a subscription is what the agent does now;
/// events that come before it are held until it has been sent.
final class Agents {
  private final Line line;
  private final Outbox outbox;
  private final Subscriptions subscriptions;
  private final Calls calls;
  private final Map<String, Hold> holds = new HashMap<>();

  /// What has come since a question. Equal to itself only.
  private static final class Hold {
    private final List<Post> posts = new ArrayList<>();
  }

  Agents(Line line, Outbox outbox) {
    this.line = line;
    this.outbox = outbox;
    this.subscriptions = line.subscriptions();
    this.calls = line.calls();
  }

  /// Throws where the agent cannot be followed; then nothing has changed.
  void subscribe(@Nullable String reqId, Request.SubscribeAgent request, String correlationId) {
    String topic = request.topic();
    subscriptions.add(List.of(topic), null);
    Hold hold = new Hold();
    holds.put(topic, hold);
    try {
      calls.run(
          CommandKind.AGENT_LIST,
          StrictJson.raw(StrictJson.emptyObject()),
          null,
          correlationId,
          answer -> answered(reqId, request, hold, answer, correlationId));
    } catch (FaultException refusal) {
      forget(topic);
      throw refusal;
    }
  }

  void unsubscribe(@Nullable String reqId, Request.UnsubscribeAgent request) {
    forget(request.topic());
    subscriptions.proceed();
    outbox.say(reqId, new ServerPayload.Unsubscribed(request.topic()));
  }

  /// True where the event is to be sent now, or is none of an agent.
  boolean wants(Post post) {
    if (!holds.isEmpty()) {
      for (Topic topic : post.topics()) {
        Hold hold = holds.get(topic.name());
        if (hold != null) {
          hold.posts.add(post);
          return false;
        }
      }
    }
    return true;
  }

  private void answered(
      @Nullable String reqId,
      Request.SubscribeAgent request,
      Hold hold,
      AsyncResult<RawJson> answer,
      String correlationId) {
    String topic = request.topic();
    Optional<AgentView> agent =
        answer.succeeded() ? find(request.agentId(), answer.result()) : Optional.empty();
    if (agent.isPresent()) {
      outbox.send(topic, reqId, state(agent.get()));
    } else {
      forget(topic);
      Fault fault =
          answer.failed() ? line.fault(answer.cause()) : Fault.notFound("agent", request.agentId());
      outbox.refuse(reqId, request, fault, correlationId);
    }
    if (holds.get(topic) == hold) {
      holds.remove(topic);
      hold.posts.forEach(line::deliver);
    }
  }

  private void forget(String topic) {
    subscriptions.remove(List.of(topic));
    holds.remove(topic);
  }

  private static Optional<AgentView> find(String agentId, RawJson page) {
    return page.as(AgentPage.class).items().stream()
        .filter(agent -> agent.id().value().equals(agentId))
        .findFirst();
  }

  /// Of several tasks the newest speaks for the agent.
  private static ServerPayload state(AgentView agent) {
    AgentTask task = agent.tasks().isEmpty() ? null : agent.tasks().getFirst();
    return new ServerPayload.AgentEvent(
        agent.id(),
        agent.instance(),
        agent.status(),
        agent.reason(),
        task == null ? null : task.id(),
        task == null ? null : task.session(),
        task == null ? null : task.tool());
  }
}
