package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.contract.Result.ThreadMessage;
import dev.flotilla.gateway.feed.Position;
import org.jspecify.annotations.Nullable;

/// A conversation as the chat dialect shows it.
final class HistoryRendering {
  private HistoryRendering() {}

  static ServerPayload history(ThreadHistory history) {
    return new ServerPayload.ThreadHistory(
        history.thread(),
        history.messages().stream().map(HistoryRendering::message).toList(),
        history.before(),
        live(history.live()),
        position(history.position()));
  }

  /// One piece, in place of all that there was.
  static ServerPayload text(String threadId, LiveText whole) {
    return new ServerPayload.StreamChunk(
        threadId, whole.taskId(), whole.attempt(), 0, whole.text());
  }

  private static ServerPayload.Message message(ThreadMessage message) {
    return new ServerPayload.Message(
        message.taskId(),
        message.role(),
        message.author(),
        EventRendering.agentOf(message.instance()),
        RequestLabel.in(message.labels()),
        message.at(),
        message.text(),
        message.error(),
        message.state());
  }

  private static ServerPayload.@Nullable LiveText live(@Nullable LiveText live) {
    return live == null
        ? null
        : new ServerPayload.LiveText(
            live.taskId(), live.attempt(), live.text(), live.nextIndex(), live.partial());
  }

  private static @Nullable Position position(@Nullable LogPosition position) {
    return position == null ? null : new Position(position.epoch(), position.seq());
  }
}
