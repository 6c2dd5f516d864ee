package dev.flotilla.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What of a new configuration a node that runs can take, and what has to wait for its next start.
///
/// @param config the running one, with what can be taken of the new one
/// @param taken keys of settings that have changed now
/// @param waiting keys of settings that differ and need a restart
public record ConfigChange(FleetConfig config, List<String> taken, List<String> waiting) {

  /// @throws IllegalArgumentException where the two together make no valid configuration
  public static ConfigChange of(FleetConfig running, FleetConfig wanted) {
    Merge merge = new Merge(new ArrayList<>(), new ArrayList<>());
    FleetConfig merged = (FleetConfig) merge.record(running, wanted, "");
    return new ConfigChange(merged, List.copyOf(merge.taken), List.copyOf(merge.waiting));
  }

  private record Merge(List<String> taken, List<String> waiting) {

    Object record(Object running, Object wanted, String path) {
      RecordComponent[] components = running.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        values[i] = value(components[i], running, wanted, path);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        return running.getClass().getDeclaredConstructor(types).newInstance(values);
      } catch (InvocationTargetException refused) {
        throw refused.getTargetException() instanceof IllegalArgumentException rule
            ? rule
            : new IllegalStateException(refused);
      } catch (ReflectiveOperationException bug) {
        throw new IllegalStateException(bug);
      }
    }

    private @Nullable Object value(
        RecordComponent component, Object running, Object wanted, String path) {
      String key = path.isEmpty() ? component.getName() : path + "." + component.getName();
      Object before = read(component, running);
      Object after = read(component, wanted);
      if (component.getType().isRecord() && before != null && after != null) {
        return record(before, after, key);
      }
      if (Objects.equals(plain(before), plain(after))) {
        return before;
      }
      boolean live = component.getAnnotation(Key.class).live();
      (live ? taken : waiting).add(key);
      return live ? after : before;
    }

    private static @Nullable Object read(RecordComponent component, Object of) {
      try {
        return component.getAccessor().invoke(of);
      } catch (ReflectiveOperationException bug) {
        throw new IllegalStateException(bug);
      }
    }

    private static @Nullable Object plain(@Nullable Object value) {
      return switch (value) {
        case Secret secret -> secret.reveal();
        case List<?> list -> list.stream().map(Merge::plain).toList();
        case null, default -> value;
      };
    }
  }
}
