package dev.flotilla.command;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/// Does alike work of many callers at once: while one group is under way, those who come gather,
/// and go together next. Nobody waits for others who may come; a lone one goes at once. So groups
/// grow with the load, and there is no delay to set.
///
/// Confined to the verticle's context.
public final class Together<I, R> {
  private record Caller<I, R>(I item, Promise<R> done) {}

  private final Fibers fibers;
  private final String what;
  private final int most;
  private final int groups;
  private final Function<List<I>, List<Future<R>>> work;
  private final Deque<Caller<I, R>> waiting = new ArrayDeque<>();
  private int going;

  /// @param most callers in one group
  /// @param groups side by side
  /// @param work answers each item, in the order of the items; what it throws, each caller gets
  public Together(
      Fibers fibers, String what, int most, int groups, Function<List<I>, List<Future<R>>> work) {
    this.fibers = fibers;
    this.what = what;
    this.most = most;
    this.groups = groups;
    this.work = work;
  }

  /// Waits for the group that this item goes with.
  public R run(I item) {
    Promise<R> done = Promise.promise();
    waiting.add(new Caller<>(item, done));
    if (going < groups) {
      going++;
      fibers.fire(what, this::go);
    }
    return done.future().await();
  }

  private void go() {
    try {
      while (!waiting.isEmpty()) {
        List<Caller<I, R>> group = new ArrayList<>();
        while (group.size() < most && !waiting.isEmpty()) {
          group.add(waiting.removeFirst());
        }
        go(group);
      }
    } finally {
      going--;
    }
  }

  private void go(List<Caller<I, R>> group) {
    try {
      List<Future<R>> answers = work.apply(group.stream().map(Caller::item).toList());
      for (int i = 0; i < group.size(); i++) {
        answers.get(i).onComplete(group.get(i).done());
      }
    } catch (Throwable failure) {
      group.forEach(caller -> caller.done().tryFail(failure));
    }
  }
}
