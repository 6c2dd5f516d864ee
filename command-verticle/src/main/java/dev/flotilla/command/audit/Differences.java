package dev.flotilla.command.audit;

import dev.flotilla.config.Secret;
import dev.flotilla.wire.RawJson;
import dev.flotilla.wire.RecordField;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What differs between two records of the same type, each field with its value before and after.
/// It is for settings of things: what looks like a secret is shown as changed and not as what, and
/// so is what people say and whatever is too large to be a setting.
public final class Differences {
  static final String HIDDEN = "***";

  private static final int LONGEST = 200;
  private static final int MOST_ITEMS = 20;
  private static final Set<String> SAID =
      Set.of("prompt", "text", "message", "result", "error", "description", "content");
  private static final List<String> SECRET =
      List.of("secret", "token", "password", "credential", "hash", "key");
  private static final String IDENTITIES = "dev.flotilla.identity";

  private record Change(@Nullable Object before, @Nullable Object after) {}

  private Differences() {}

  /// @return null where nothing differs
  public static @Nullable RawJson of(Record before, Record after) {
    return of(before.getClass(), before, after);
  }

  /// Of what was not there before.
  public static @Nullable RawJson made(Record after) {
    return of(after.getClass(), null, after);
  }

  /// Of what is not there any more.
  public static @Nullable RawJson gone(Record before) {
    return of(before.getClass(), before, null);
  }

  private static @Nullable RawJson of(
      Class<?> type, @Nullable Record before, @Nullable Record after) {
    Map<String, Change> changes = new LinkedHashMap<>();
    for (RecordField field : RecordField.of(type)) {
      Object was = before == null ? null : field.get(before);
      Object is = after == null ? null : field.get(after);
      if (!Objects.equals(was, is)) {
        String name = field.name();
        changes.put(name, new Change(shown(name, was), shown(name, is)));
      }
    }
    return changes.isEmpty() ? null : RawJson.of(changes);
  }

  private static @Nullable Object shown(String name, @Nullable Object value) {
    String word = name.toLowerCase(Locale.ROOT);
    boolean hidden = SAID.contains(name) || SECRET.stream().anyMatch(word::contains);
    return switch (value) {
      case null -> null;
      case Secret _ -> HIDDEN;
      case Number _, Boolean _, Enum<?> _, Instant _ -> value;
      case String text -> hidden || text.length() > LONGEST ? HIDDEN : text;
      case URI uri -> uri.getUserInfo() == null ? uri.toString() : HIDDEN;
      case Collection<?> items ->
          hidden || items.size() > MOST_ITEMS
              ? HIDDEN
              : items.stream().map(item -> shown(name, item)).toList();
      default -> value.getClass().getPackageName().equals(IDENTITIES) ? value : HIDDEN;
    };
  }
}
