package dev.flotilla.command.task.queue;

import dev.flotilla.command.Tasks;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskRow.KeyLimits;
import dev.flotilla.command.task.queue.QueueModel.Entry;
import dev.flotilla.command.task.queue.QueueModel.Place;
import dev.flotilla.command.task.queue.TaskQueue.Next;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.contract.Priority;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.store.Stores;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Tells one story to the queue and to the model, and compares them after each step.
final class QueueStory {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final InstanceId INSTANCE = new InstanceId("eu-1");
  private static final List<String> TENANTS = List.of("acme", "globex", "initech");
  private static final List<NodeId> NODES =
      List.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3"));
  private static final int SLOTS = 3;

  /// What can happen. Those that come often are there several times.
  enum Deed {
    ADD(8),
    TAKE(8),
    SLOT(8),
    FINISH(6),
    PARK(2),
    GIVE_BACK(2),
    RETRY(2),
    DELAY(2),
    CANCEL(2),
    HAND_OVER(1),
    CRASH(1),
    WAKE(2),
    PAUSE(1),
    RESUME(2),
    REPLAY(1),
    MEND(1),
    LOSE_REDIS(1),
    /// Nothing that happens: only to see whether it would be seen.
    DAMAGE(0);

    private final int weight;

    Deed(int weight) {
      this.weight = weight;
    }

    static Deed any(SplittableRandom random) {
      int total = 0;
      for (Deed deed : values()) {
        total += deed.weight;
      }
      int left = random.nextInt(total);
      for (Deed deed : values()) {
        left -= deed.weight;
        if (left < 0) {
          return deed;
        }
      }
      return ADD;
    }
  }

  /// What happens, and two numbers that say to whom. They fit any state, so that any part of a
  /// story is a story.
  record Step(Deed deed, int a, int b) {}

  private final Stores stores;
  private final TaskQueue queue;
  private final QueueModel model = new QueueModel();
  private final List<String> wrong = new ArrayList<>();
  private long ordinal;

  QueueStory(Stores stores) {
    this.stores = stores;
    this.queue = new TaskQueue(stores.redis());
  }

  /// @return what was wrong, or nothing
  String tell(List<Step> story) {
    redis("FLUSHDB");
    queue.built(queue.building());
    for (int i = 0; i < story.size() && wrong.isEmpty(); i++) {
      Step step = story.get(i);
      perform(step);
      compare();
      if (!wrong.isEmpty()) {
        return "after step " + i + " " + step + ": " + wrong;
      }
    }
    finishAll();
    return wrong.isEmpty() ? "" : "at the end: " + wrong;
  }

  private void perform(Step step) {
    NodeId node = NODES.get(step.b() % NODES.size());
    @Nullable Entry held = pick(model.all(Place.HELD), step.a());
    switch (step.deed()) {
      case ADD -> add(step);
      case TAKE -> take(node, 1 + step.a() % 4);
      case SLOT -> slot(pick(unplaced(), step.a()));
      case FINISH -> finish(pick(running(), step.a()));
      case PARK -> park(pick(unplaced(), step.a()), step.b() % 2 == 0 ? Room.PARKED : Room.ABSENT);
      case GIVE_BACK -> giveBack(pick(unplaced(), step.a()));
      case RETRY -> release(pick(running(), step.a()), Next.READY, Place.READY);
      case DELAY -> release(pick(running(), step.a()), Next.DELAYED, Place.DELAYED);
      case CANCEL -> cancel(pick(List.copyOf(model.tasks.values()), step.a()));
      case HAND_OVER -> release(held, Next.ORPHAN, Place.ORPHAN);
      case CRASH -> crash(node);
      case WAKE -> wake();
      case PAUSE -> pause(TENANTS.get(step.a() % TENANTS.size()));
      case RESUME -> resume();
      case REPLAY -> replay(pick(model.all(Place.DELAYED), step.a()));
      case MEND -> mend();
      case LOSE_REDIS -> loseRedis();
      case DAMAGE -> redis("DEL", TaskQueue.PREFIX + ":index");
    }
  }

  private static @Nullable Entry pick(List<Entry> entries, int number) {
    return entries.isEmpty() ? null : entries.get(number % entries.size());
  }

  private List<Entry> unplaced() {
    return model.all(Place.HELD).stream().filter(entry -> !entry.slot).toList();
  }

  private List<Entry> running() {
    return model.all(Place.HELD).stream().filter(entry -> entry.slot).toList();
  }

  private void add(Step step) {
    Priority level = List.of(Priority.values()).get(step.a() % 4);
    String tenant = TENANTS.get(step.b() % TENANTS.size());
    KeyLimits limits =
        switch (step.a() / 4 % 4) {
          case 0 -> new KeyLimits("k1", 1, 0, 0);
          case 1 -> new KeyLimits("k2", 2, 0, 0);
          default -> null;
        };
    Entry entry = new Entry(Tasks.waiting(ordinal++, tenant, level, limits));
    model.tasks.put(entry.row.ordinal(), entry);
    queue.add(List.of(entry.row));
  }

  /// Orphans come first. Then every task that is taken is one that nobody of a higher level stands
  /// before.
  private void take(NodeId node, int count) {
    int orphans = Math.min(count, model.all(Place.ORPHAN).size());
    List<TaskId> taken = queue.take(node, LONG, count).orElse(List.of());
    for (int i = 0; i < taken.size(); i++) {
      Entry entry = entry(taken.get(i));
      if (i < orphans) {
        expect(entry.place == Place.ORPHAN, entry, "was taken before an orphan");
      } else {
        List<Entry> takeable = model.takeable();
        expect(takeable.contains(entry), entry, "was taken and may not");
        expect(
            takeable.isEmpty() || takeable.getFirst().level() == entry.level(),
            entry,
            "was taken before one of a higher level");
        entry.placing = true;
      }
      entry.place = Place.HELD;
      entry.node = node;
    }
    expect(
        taken.size() == count || model.takeable().isEmpty(), null, "less was taken than there was");
  }

  private void slot(@Nullable Entry entry) {
    if (entry == null || entry.node == null) {
      return;
    }
    boolean others = model.othersFirst(entry);
    long used = model.tasks.values().stream().filter(other -> other.slot).count();
    Slot expected = others ? Slot.LATER : used >= SLOTS ? Slot.FULL : Slot.TAKEN;
    Slot slot = Tasks.slot(queue, entry.row.id(), entry.node, INSTANCE, SLOTS);
    expect(slot == expected, entry, "got a slot " + slot + " instead of " + expected);
    if (slot == Slot.TAKEN) {
      entry.slot = true;
      entry.placing = false;
    }
  }

  private void park(@Nullable Entry entry, Room room) {
    if (entry != null && entry.node != null) {
      queue.park(entry.row.id(), entry.node, room, LONG);
      model.parked.add(entry.line());
      leave(entry, Place.READY);
    }
  }

  private void giveBack(@Nullable Entry entry) {
    if (entry != null && entry.node != null) {
      queue.giveBack(entry.row.id(), entry.node);
      leave(entry, Place.READY);
    }
  }

  private void release(@Nullable Entry entry, Next next, Place place) {
    if (entry == null || entry.node == null) {
      return;
    }
    queue.release(entry.node, next, LONG, List.of(entry.row.id()));
    if (place == Place.ORPHAN) {
      entry.place = place;
      entry.node = null;
      entry.placing = false;
    } else {
      leave(entry, place);
      wakeParked();
    }
  }

  private void finish(@Nullable Entry entry) {
    if (entry != null && entry.node != null) {
      expect(
          queue.finish(entry.node, List.of(entry.row.id())) == 1,
          entry,
          "was not there to be finished");
      expect(queue.finish(entry.node, List.of(entry.row.id())) == 0, entry, "was finished twice");
      model.tasks.remove(entry.row.ordinal());
      wakeParked();
    }
  }

  private void cancel(@Nullable Entry entry) {
    if (entry != null && !entry.inHand()) {
      queue.finish(List.of(entry.row.id()));
      model.tasks.remove(entry.row.ordinal());
      wakeParked();
    }
  }

  /// A node is gone: what it held comes back when its leases have ended.
  private void crash(NodeId node) {
    List<Entry> lost = model.heldBy(node);
    List<TaskId> ids = lost.stream().map(entry -> entry.row.id()).toList();
    if (ids.isEmpty()) {
      return;
    }
    queue.renew(node, Duration.ofMillis(-1), ids);
    List<TaskId> expired = queue.expire();
    expect(expired.containsAll(ids) && ids.containsAll(expired), null, "not all leases ended");
    for (Entry entry : lost) {
      entry.place = Place.ORPHAN;
      entry.node = null;
      entry.placing = false;
    }
  }

  private void wake() {
    queue.wake();
    model.parked.clear();
  }

  /// A slot was freed. Which lines try again then is the queue's affair: the model wakes all.
  private void wakeParked() {
    queue.wake();
    model.parked.clear();
  }

  private void pause(String tenant) {
    model.paused.add(tenant);
    rules();
  }

  private void resume() {
    model.paused.clear();
    rules();
  }

  private void rules() {
    queue.rules(new Rules(model.paused.stream().map(tenant -> tenant + "|*").toList(), List.of()));
  }

  private void replay(@Nullable Entry entry) {
    if (entry != null) {
      queue.force(entry.row);
      leave(entry, Place.READY);
    }
  }

  /// What PostgreSQL would say of those that wait changes nothing.
  private void mend() {
    List<TaskRow> waiting = model.all(Place.READY).stream().map(entry -> entry.row).toList();
    expect(queue.mend(waiting).isEmpty(), null, "something was put right that was not wrong");
  }

  /// Redis is empty, and is rebuilt: what was held is run again from its row.
  private void loseRedis() {
    redis("FLUSHDB");
    expect(queue.take(NODES.getFirst(), LONG, 1).isEmpty(), null, "an empty Redis gave a task");
    String token = queue.building();
    List<TaskRow> rows = model.tasks.values().stream().map(entry -> entry.row).toList();
    expect(queue.mend(rows).size() == rows.size(), null, "not everything was rebuilt");
    rules();
    queue.built(token);
    model.parked.clear();
    model.tasks.values().forEach(entry -> leave(entry, Place.READY));
  }

  private static void leave(Entry entry, Place place) {
    entry.place = place;
    entry.node = null;
    entry.slot = false;
    entry.placing = false;
  }

  private void finishAll() {
    List<TaskId> all = model.tasks.values().stream().map(entry -> entry.row.id()).toList();
    queue.finish(all);
    queue
        .totals()
        .forEach(
            (name, count) ->
                expect(
                    count == 0 || name.equals("built") || name.equals("paused"),
                    null,
                    name + " is " + count));
  }

  private void compare() {
    wrong.addAll(queue.inspect(-1, 10_000).contradictions());
    var totals = queue.totals();
    total(totals.get("index"), model.tasks.size(), "index");
    total(totals.get("waiting"), model.all(Place.READY).size(), "waiting");
    total(totals.get("delayed"), model.all(Place.DELAYED).size(), "delayed");
    total(totals.get("leases"), model.all(Place.HELD).size(), "leases");
    total(totals.get("orphans"), model.all(Place.ORPHAN).size(), "orphans");
    long hands = model.tasks.values().stream().filter(Entry::inHand).count();
    total(totals.get("hands"), hands, "hands");
    long slots = model.tasks.values().stream().filter(entry -> entry.slot).count();
    total(totals.get("slots"), slots, "slots");
    for (Priority level : Priority.values()) {
      long waiting = model.all(Place.READY).stream().filter(e -> e.row.priority() == level).count();
      total(queue.depth().get(level), waiting, "depth of " + level);
    }
  }

  private void total(@Nullable Long actual, long expected, String name) {
    expect(actual != null && actual == expected, null, name + " " + actual + " not " + expected);
  }

  private Entry entry(TaskId id) {
    Entry entry = model.tasks.get(Long.parseLong(id.value().substring(1)));
    if (entry == null) {
      throw new AssertionError(id + " was taken and had ended");
    }
    return entry;
  }

  private void expect(boolean right, @Nullable Entry entry, String words) {
    if (!right) {
      wrong.add((entry == null ? "" : entry.row.id() + " ") + words);
    }
  }

  private void redis(String command, String... arguments) {
    Request request = Request.cmd(Command.create(command));
    for (String argument : arguments) {
      request.arg(argument);
    }
    stores.redis().send(request).await();
  }
}
