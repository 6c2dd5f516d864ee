package dev.flotilla.command.task.queue;

import dev.flotilla.store.LuaScript;
import java.util.Locale;

/// The scripts of the queue, one per transition. Each is the file of its name behind `common.lua`.
enum Script {
  ADD,
  TAKE,
  SLOT,
  PARK,
  RELEASE,
  RENEW,
  FINISH,
  EXPIRE,
  WAKE,
  RULES,
  INSPECT,
  TOTALS,
  PLACE,
  IDS,
  BUILDING,
  BUILT,
  DEPTH;

  private final LuaScript lua =
      LuaScript.of(Script.class, "common", name().toLowerCase(Locale.ROOT));

  LuaScript lua() {
    return lua;
  }
}
