package dev.flotilla.gateway.dialect.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Request;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.session.Calls;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Subscriptions;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TaskId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The threads that one session follows, and what it says in them.
final class Threads {
  private final Line line;
  private final Outbox outbox;
  // They outlive the session, and answers to questions may come after its end.
  private final Subscriptions subscriptions;
  private final Calls calls;
  private final Map<String, Followed> followed = new HashMap<>();
  private boolean awaitingLive;
  private boolean setBack;

  Threads(Line line, Outbox outbox) {
    this.line = line;
    this.outbox = outbox;
    this.subscriptions = line.subscriptions();
    this.calls = line.calls();
  }

  /// Throws where the thread cannot be followed; then nothing has changed.
  void subscribe(@Nullable String reqId, Request.SubscribeThread request) {
    String topic = request.topic();
    Position head = subscriptions.head();
    Position since = request.since();
    Position from = since != null && since.epoch().equals(head.epoch()) ? since : null;
    boolean behind = from != null && from.seq() < here(head).seq();
    subscriptions.add(List.of(topic), behind ? from : null);
    Followed thread =
        new Followed(
            new Follower(request.threadId(), topic, reqId),
            System::nanoTime,
            request.limit(),
            from == null ? head.seq() : from.seq(),
            from != null);
    replace(topic, thread);
    if (since != null && from == null) {
      outbox.say(null, ServerPayload.EventsMissing.of(Gap.unknown(Gap.Cause.EPOCH_CHANGED, head)));
    }
    subscriptions.proceed();
    setBack |= behind;
    if (!awaitingLive) {
      awaitingLive = true;
      subscriptions.whenLive(this::live);
    }
  }

  /// A stream that was set back has also passed by what other threads have said meanwhile. However
  /// many subscriptions have set it back, each thread asks once.
  private void live() {
    boolean passedBy = setBack;
    awaitingLive = false;
    setBack = false;
    List.copyOf(followed.values()).forEach(thread -> thread.live(passedBy));
  }

  void unsubscribe(@Nullable String reqId, Request.UnsubscribeThread request) {
    String topic = request.topic();
    subscriptions.remove(List.of(topic));
    forget(List.of(topic));
    subscriptions.proceed();
    outbox.say(reqId, new ServerPayload.Unsubscribed(topic));
  }

  /// Throws where the message need not even be carried to a command node.
  void send(@Nullable String reqId, Request.SendMessage request, String correlationId) {
    line.principal().require(Scope.THREADS_WRITE);
    line.principal().require(CommandKind.TASK_CREATE.scope());
    RawJson params = StrictJson.raw(task(reqId, request));
    String topic = request.topic();
    if (!followed.containsKey(topic)) {
      subscriptions.add(List.of(topic), null);
      Follower follower = new Follower(request.threadId(), topic, null);
      long head = subscriptions.head().seq();
      followed.put(topic, Followed.withoutHistory(follower, System::nanoTime, head));
    }
    run(
        new Question(reqId, request, correlationId),
        CommandKind.TASK_CREATE,
        params,
        task -> new ServerPayload.MessageAccepted(request.threadId(), task));
  }

  /// Ends what the agent is saying; those who follow the thread hear its end.
  void abort(@Nullable String reqId, Request.AbortMessage request, String correlationId) {
    line.principal().require(CommandKind.THREAD_ABORT.scope());
    run(
        new Question(reqId, request, correlationId),
        CommandKind.THREAD_ABORT,
        StrictJson.raw(StrictJson.emptyObject().put("thread", request.threadId())),
        task -> new ServerPayload.MessageAborted(request.threadId(), task));
  }

  /// What a client waits for the answer of.
  private record Question(@Nullable String reqId, Request request, String correlationId) {}

  /// A command that answers with a task, under the client's name for it.
  private void run(
      Question question, CommandKind kind, RawJson params, Function<TaskId, ServerPayload> answer) {
    String reqId = question.reqId();
    calls.run(
        kind,
        params,
        reqId == null ? outbox.newId() : reqId,
        question.correlationId(),
        outcome -> {
          if (outcome.succeeded()) {
            TaskId task = outcome.result().as(TaskView.class).id();
            outbox.send(question.request().topic(), reqId, answer.apply(task));
          } else {
            Fault fault = line.fault(outcome.cause());
            outbox.refuse(reqId, question.request(), fault, question.correlationId());
          }
        });
  }

  /// True where the event is to be sent now, or is none of a thread.
  boolean wants(Post post) {
    for (Topic topic : post.topics()) {
      Followed thread = followed.get(topic.name());
      if (thread != null) {
        return thread.wants(post);
      }
    }
    return true;
  }

  void missed(Gap gap) {
    followed.values().forEach(thread -> thread.missed(gap));
  }

  void tick() {
    List.copyOf(followed.values()).forEach(Followed::tick);
  }

  /// These topics are unsubscribed.
  void forget(Collection<String> topics) {
    for (String topic : topics) {
      Followed gone = followed.remove(topic);
      if (gone != null) {
        gone.close();
      }
    }
  }

  private Position here(Position head) {
    return Objects.requireNonNullElse(subscriptions.position(), head);
  }

  private void replace(String topic, Followed thread) {
    forget(List.of(topic));
    followed.put(topic, thread);
  }

  private static ObjectNode task(@Nullable String reqId, Request.SendMessage request) {
    ObjectNode task = StrictJson.emptyObject();
    task.put("prompt", request.text()).put("session", request.threadId());
    if (reqId != null) {
      task.putArray("labels").add(RequestLabel.of(reqId));
    }
    return task;
  }

  /// What one thread needs of the session.
  private final class Follower implements Followed.Client {
    private final String threadId;
    private final String topic;
    private final @Nullable String reqId;

    private Follower(String threadId, String topic, @Nullable String reqId) {
      this.threadId = threadId;
      this.topic = topic;
      this.reqId = reqId;
    }

    @Override
    public Future<Result.ThreadHistory> ask(@Nullable Integer limit) {
      ObjectNode params = StrictJson.emptyObject().put("thread", threadId);
      if (limit != null) {
        params.put("limit", limit);
      }
      Promise<RawJson> answer = Promise.promise();
      try {
        calls.run(
            CommandKind.THREAD_HISTORY,
            StrictJson.raw(params),
            null,
            outbox.newId(),
            outcome -> answer.handle(outcome));
      } catch (FaultException refusal) {
        answer.fail(refusal);
      }
      return answer.future().map(json -> json.as(Result.ThreadHistory.class));
    }

    @Override
    public void deliver(Post post) {
      line.deliver(post);
    }

    @Override
    public void history(Result.ThreadHistory history) {
      outbox.send(topic, reqId, HistoryRendering.history(history));
    }

    @Override
    public void text(Result.LiveText whole) {
      outbox.send(topic, null, HistoryRendering.text(threadId, whole));
    }

    @Override
    public void missed(Gap gap) {
      outbox.say(null, ServerPayload.EventsMissing.of(gap));
    }

    /// Whoever asked gets an answer.
    @Override
    public void overtaken() {
      if (reqId != null) {
        outbox.refuse(
            reqId,
            Fault.of(
                Reason.WRONG_STATE,
                "The thread was asked for again, or left, before its history came."));
      }
    }

    @Override
    public void failed(Throwable failure) {
      subscriptions.remove(List.of(topic));
      forget(List.of(topic));
      outbox.refuse(reqId, line.fault(failure));
    }
  }
}
